package dev.warder;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.warder.container.Container;
import dev.warder.database.Statements;
import dev.warder.http.Attributes;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import javax.naming.Context;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.config.Configurable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    /** What {@code java -jar} alone loads. */
    private static final String[] LAUNCHER = {"dev.warder.cli..", "dev.warder.standalone.."};

    private static final String ROOT = "dev.warder";

    private final JavaClasses main = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.warder", "launch");

    /** Therefore no class is in a circle with one of another package either. */
    @Test
    void packagesFormNoCircle() {
        assertThat(circles(JavaClass::getPackageName)).isEmpty();
    }

    /** A folder is one with all that lies below it, as {@code ledger} with {@code ledger.store}. */
    @Test
    void foldersFormNoCircle() {
        assertThat(circles(ArchitectureTest::folder)).isEmpty();
    }

    private static String folder(JavaClass type) {
        var parts = type.getPackageName().split("\\.");
        return parts.length > 2 ? parts[2] : type.getPackageName();
    }

    /** A class of the root package is one with those that are nested in it. */
    @Test
    void classesOfTheRootFormNoCircleWithEachOtherOrARoom() {
        assertThat(circles(type -> type.getPackageName().equals(ROOT)
                        ? type.getName().replaceFirst("\\$.*", "")
                        : type.getPackageName()))
                .isEmpty();
    }

    @Test
    void theRootIsKnownToTheLauncherOnly() {
        noClasses()
                .that(are(DescribedPredicate.not(resideInAnyPackage(LAUNCHER).or(resideInAPackage(ROOT)))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(main);
    }

    /** Sets of parts that all reach each other, each with a dependency for every two of them that know each other at once. */
    private Map<Set<String>, List<String>> circles(Function<JavaClass, String> part) {
        var known = new TreeMap<String, Map<String, String>>();
        for (var type : main) {
            for (var each : type.getDirectDependenciesFromSelf()) {
                var target = each.getTargetClass().getBaseComponentType();
                if (main.contain(target.getName())) {
                    known.computeIfAbsent(part.apply(type), none -> new TreeMap<>())
                            .putIfAbsent(part.apply(target), each.getDescription());
                }
            }
        }
        var circles = new HashMap<Set<String>, List<String>>();
        for (var start : known.keySet()) {
            var circle = new TreeSet<>(reachedFrom(start, known));
            circle.removeIf(each -> !reachedFrom(each, known).contains(start));
            if (circle.size() > 1) {
                circles.put(circle, dependenciesWithin(circle, known));
            }
        }
        return circles;
    }

    private static Set<String> reachedFrom(String start, Map<String, Map<String, String>> known) {
        var reached = new HashSet<String>();
        var open = new ArrayDeque<>(Set.of(start));
        while (!open.isEmpty()) {
            known.getOrDefault(open.remove(), Map.of()).keySet().stream()
                    .filter(reached::add)
                    .forEach(open::add);
        }
        return reached;
    }

    private static List<String> dependenciesWithin(Set<String> circle, Map<String, Map<String, String>> known) {
        return circle.stream()
                .flatMap(from -> known.getOrDefault(from, Map.of()).entrySet().stream()
                        .filter(to -> !to.getKey().equals(from) && circle.contains(to.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Test
    void theHttpClientIsKnownWhereRequestsGoUpOnly() {
        noClasses()
                .that(are(DescribedPredicate.not(resideInAPackage("dev.warder.upstream..")
                        .or(resideInAnyPackage("dev.warder.exchange.."))
                        // Token endpoints are other hosts, asked with other time-outs.
                        .or(resideInAnyPackage("dev.warder.oauth")))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .check(main);
    }

    /** Nothing that a servlet container loads may need what lies in the launcher only. */
    @Test
    void theLauncherIsKnownToItselfOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(LAUNCHER)
                .should()
                .dependOnClassesThat(resideInAnyPackage(LAUNCHER)
                        .or(resideInAnyPackage("picocli..", "org.eclipse.jetty..", "org.h2..", "com.zaxxer..")))
                .check(main);
    }

    /** Parsers of JSON-P put text of the document into their messages. */
    @Test
    void jsonIsReadAndWrittenInOnePlace() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.warder\\.json\\.(JsonTree|JsonDocuments(\\$.*)?)")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Json.class,
                        JsonProvider.class,
                        JsonReader.class,
                        JsonReaderFactory.class,
                        JsonWriter.class,
                        JsonWriterFactory.class,
                        JsonParser.class,
                        JsonParserFactory.class,
                        JsonGenerator.class,
                        JsonGeneratorFactory.class,
                        JsonBuilderFactory.class)
                .check(main);
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.warder\\.json\\.JsonDocuments(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("jakarta.json.bind..", "org.eclipse.yasson..")
                        .and(DescribedPredicate.not(resideInAPackage("jakarta.json.bind.annotation.."))))
                .check(main);
    }

    @Test
    void attributesAreTouchedInOnePlace() {
        for (var owner : Set.of(ServletRequest.class, ServletContext.class)) {
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("dev.warder.http.Attributes")
                    .should()
                    .callMethod(owner, "setAttribute", String.class, Object.class)
                    .orShould()
                    .callMethod(owner, "getAttribute", String.class)
                    .check(main);
        }
    }

    /** Filters and servlets join the one application; every other attribute of the servlet context comes from outside. */
    @Test
    void partsAreHandedOverAndNotLookedUp() {
        assertThat(main.stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(ArchitectureTest::looksUp)
                        .map(call -> call.getOrigin().getFullName().replaceFirst("\\(.*", "")))
                .containsExactlyInAnyOrder(
                        "dev.warder.http.Application.of",
                        // OutputRate, AdditionalUpstreams, AdditionalGates and the Executor of java -jar.
                        "dev.warder.Gateway.<init>",
                        "dev.warder.Credentials.<init>",
                        "dev.warder.ExchangeModules.complete",
                        "dev.warder.Wiring$Deployment.selectors",
                        // The process, which drains the application before it ends.
                        "dev.warder.standalone.WebServer.gateway");
    }

    private static boolean looksUp(JavaMethodCall call) {
        return call.getTargetOwner().isEquivalentTo(Attributes.class)
                && Set.of("get", "find").contains(call.getName())
                && call.getTarget().getRawParameterTypes().get(0).isEquivalentTo(ServletContext.class);
    }

    @Test
    void theClockIsHandedInAndNobodySleeps() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(main);
    }

    @Test
    void everyPackageIsNullMarked() {
        main.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("dev.warder"))
                .distinct()
                .forEach(name -> assertThat(main.getPackage(name).isAnnotatedWith(NullMarked.class))
                        .as(name)
                        .isTrue());
    }

    /** GlassFish resets the status of the response that any other listener is added with. */
    @Test
    void listenersAreAddedInOnePlace() {
        noClasses()
                .that()
                .areNotAssignableTo(Container.class)
                .should()
                .callMethodWhere(describe(
                        "adds a listener to an asynchronous request",
                        call -> call.getTargetOwner().isAssignableTo(AsyncContext.class)
                                && call.getName().equals("addListener")))
                .check(main);
    }

    /** The container decodes and normalizes what these methods return, each container in its own way. */
    @Test
    void onlyTheRequestUriDecides() {
        for (var method : Set.of("getPathInfo", "getServletPath", "getPathTranslated", "getRequestURL")) {
            noClasses().should().callMethod(HttpServletRequest.class, method).check(main);
        }
    }

    @Test
    void nothingIsRunOrDeserialized() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ProcessBuilder.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ObjectInputStream.class.getName())
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.script..", "java.beans..", "java.rmi..")
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(main);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.warder.Jndi")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Context.class)
                .check(main);
    }

    /** A string that is put together at run time is compiled to an invokedynamic of StringConcatFactory, or to a StringBuilder. */
    @Test
    void sqlIsConstantText() throws IOException {
        var callers = main.stream()
                .filter(type -> type.getMethodCallsFromSelf().stream().anyMatch(ArchitectureTest::preparesSql)
                        || type.getConstructorCallsFromSelf().stream()
                                .anyMatch(call ->
                                        call.getTargetOwner().getSimpleName().equals("SqlMigration")))
                .toList();
        assertThat(callers).hasSizeGreaterThan(20);
        for (var caller : callers) {
            var file = "/" + caller.getName().replace('.', '/') + ".class";
            try (var bytes = ArchitectureTest.class.getResourceAsStream(file)) {
                assertThat(new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .as(caller.getName())
                        .doesNotContain("StringConcatFactory", "java/lang/StringBuilder", "java/util/Formatter");
            }
        }
    }

    /** Jdbi puts lists of parameters into a statement, and any text that is defined for it. */
    @Test
    void nothingIsDefinedForSql() {
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "defines a part of SQL",
                        call -> call.getTargetOwner().isAssignableTo(Configurable.class)
                                && call.getName().startsWith("define")))
                .check(main);
    }

    /**
     * These probe one place after the other: for names of one hash, which a client can make, they take the square of the names.
     */
    @Test
    void namesOfClientsAreInNoUnmodifiableTables() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.warder.openai..", "dev.warder.json")
                .should()
                .accessTargetWhere(describe(
                        "copies to a table that probes",
                        access -> access.getName().startsWith("toUnmodifiable")
                                || access.getName().equals("copyOf")
                                        && (access.getTargetOwner().isEquivalentTo(Set.class)
                                                || access.getTargetOwner().isEquivalentTo(Map.class))))
                .check(main);
    }

    private static boolean preparesSql(JavaMethodCall call) {
        var owner = call.getTargetOwner();
        var parameters = call.getTarget().getRawParameterTypes();
        return owner.isAssignableTo(Connection.class) && call.getName().startsWith("prepare")
                || (owner.isAssignableTo(Handle.class)
                                || owner.isAssignableTo(Statements.class) && parameters.size() > 2)
                        && parameters.stream().anyMatch(type -> type.isAssignableTo(CharSequence.class))
                || owner.isAssignableTo(Statement.class)
                        && call.getName().startsWith("execute")
                        && !parameters.isEmpty();
    }

    @Test
    void secretTypesExist() {
        assertThat(SecretHandlingTest.SecretRules.TYPES).allMatch(name -> main.contain(name));
    }

    @Test
    void secretsHaveNoTextForm() {
        assertThat(SecretHandlingTest.SecretRules.recordsThatShowASecret(main)).isEmpty();
    }

    @Test
    void secretsAreInNoException() {
        assertThat(SecretHandlingTest.SecretRules.exceptionsThatHoldASecret(main))
                .isEmpty();
    }

    @Test
    void secretsAreNotSerializable() {
        assertThat(SecretHandlingTest.SecretRules.serializableSecrets(main)).isEmpty();
    }

    /** What reads a secret's value neither logs nor has a text form that could show it. */
    @Test
    void noMethodReadsASecretAndLogs() {
        assertThat(SecretHandlingTest.SecretRules.methodsThatRevealAndLog(main)).isEmpty();
    }
}
