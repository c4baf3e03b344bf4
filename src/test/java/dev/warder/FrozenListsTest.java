package dev.warder;

import static dev.warder.testkit.FrozenList.assertFrozen;

import dev.warder.config.Setting;
import dev.warder.observe.MetricName;
import dev.warder.observe.Scrape;
import dev.warder.testkit.OpenApiDocument;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * What operators, clients and scripts rely on, and the contracts that prove it. Nothing of it goes by accident; pages and
 * log lines are in {@code FrozenPagesContract}.
 */
class FrozenListsTest {
    private static final Set<String> PROSE = Set.of("description", "summary", "title", "example", "examples");

    @Test
    void settings() throws Exception {
        assertFrozen(
                "settings",
                Arrays.stream(Setting.values())
                        .map(setting ->
                                setting.publicName() + " | " + setting.type().label() + " | "
                                        + setting.defaultText().orElse("-"))
                        .toList());
    }

    @Test
    void metrics() throws Exception {
        assertFrozen(
                "metrics",
                Arrays.stream(MetricName.values())
                        .map(metric -> Scrape.name(metric) + " | " + metric.kind() + " | "
                                + (metric.labels().isEmpty() ? "-" : String.join(" ", metric.labels())))
                        .toList());
    }

    @Test
    void openApi() throws Exception {
        var entries = new ArrayList<String>();
        flatten("", OpenApiDocument.read().root().value(), entries);
        assertFrozen("openapi", entries);
    }

    @Test
    void contracts() throws Exception {
        var sources =
                Path.of("src/test/java/dev/warder/contract").toFile().list((folder, name) -> name.endsWith(".java"));
        assertFrozen(
                "contracts",
                Arrays.stream(sources)
                        .map(source -> source.replace(".java", ""))
                        .filter(name -> !name.equals("package-info"))
                        .flatMap(name -> tests("dev.warder.contract." + name))
                        .toList());
    }

    /** The tests of a class and of those in it, with inherited ones: a contract that is not extended any more is gone. */
    private static Stream<String> tests(String name) {
        try {
            var type = Class.forName(name, false, FrozenListsTest.class.getClassLoader());
            return Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()))
                    .filter(each -> !Modifier.isAbstract(each.getModifiers()))
                    .flatMap(each ->
                            AnnotationSupport.findAnnotatedMethods(
                                            each, Testable.class, HierarchyTraversalMode.TOP_DOWN)
                                    .stream()
                                    .map(Method::getName)
                                    .map(test -> each.getName().replace("dev.warder.contract.", "") + " | " + test));
        } catch (ClassNotFoundException missing) {
            throw new AssertionError(missing);
        }
    }

    /** An entry for each leaf: its keys, and its value. Texts for readers are left out. */
    private static void flatten(String place, JsonValue value, List<String> entries) {
        if (value instanceof JsonObject object) {
            object.forEach((key, member) -> {
                if (!PROSE.contains(key) || place.endsWith("properties")) {
                    flatten(place + (place.isEmpty() ? "" : " > ") + key, member, entries);
                }
            });
        } else if (value instanceof JsonArray array && array.stream().anyMatch(JsonObject.class::isInstance)) {
            array.forEach(item -> flatten(place + " > " + name(item.asJsonObject()), item, entries));
        } else if (value instanceof JsonArray array) {
            entries.add(place + " = "
                    + array.stream().map(FrozenListsTest::text).sorted().collect(Collectors.joining(" ")));
        } else {
            entries.add(place + " = " + text(value));
        }
    }

    /** Tells the items of an array apart, whatever their order is. */
    private static String name(JsonObject item) {
        return item.containsKey("name") ? item.getString("in", "") + " " + item.getString("name") : "*";
    }

    private static String text(JsonValue value) {
        return value instanceof JsonString string ? string.getString() : value.toString();
    }
}
