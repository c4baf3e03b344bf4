package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What operators and servers rely on in {@code web.xml}. */
class WebXmlTest {
    private static final List<String> SECRETS = List.of(
            "token", "key", "key2", "admin", "metrics", "otlp", "client", "store", "pepper", "proxy", "keystore");

    /** The line of a comment about one setting: name, default, meaning. */
    private static final Pattern EXPLANATION = Pattern.compile(" {9}([a-z][A-Za-z0-9.]*) +(\\S+) +(.*)");

    private final String xml = read();

    @Test
    void declaresEverySettingAlsoThoseThatAreGoneAndEveryPlaceForASecret() {
        var expected = Stream.of(
                        Arrays.stream(Setting.values()).map(Setting::publicName),
                        Arrays.stream(Setting.Retired.values()).map(Setting.Retired::publicName),
                        SECRETS.stream().map(name -> "secret." + name))
                .flatMap(names -> names)
                .map(name -> "warder/" + name);
        assertThat(all("<env-entry-name>(.*?)</env-entry-name>"))
                .containsExactlyInAnyOrderElementsOf(expected.toList());
        assertThat(all("<env-entry>(.*?)</env-entry>"))
                .allSatisfy(
                        entry -> assertThat(entry).contains("java.lang.String").doesNotContain("<env-entry-value>"));
    }

    @Test
    void asksTheServerForNothingElse() {
        // Jetty refuses to start an application whose resource-ref nobody binds.
        assertThat(xml).doesNotContain("<resource-ref", "<resource-env-ref", "<security-constraint");
    }

    @Test
    void supportsAsynchronousProcessingThroughout() {
        assertThat(Stream.of("filter", "servlet").flatMap(kind -> all("<" + kind + ">(.*?)</" + kind + ">").stream()))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each).contains("<async-supported>true</async-supported>"));
    }

    @Test
    void keepsTheOrderOfTheLine() {
        var mappings = all("<filter-mapping>(.*?)</filter-mapping>");
        assertThat(mappings).allSatisfy(mapping -> assertThat(mapping).contains("<url-pattern>/*</url-pattern>"));
        assertThat(mappings.stream().map(mapping -> mapping.replaceAll("(?s).*<filter-name>|</filter-name>.*", "")))
                .containsExactly(
                        "ClientAuthFilter",
                        "OrganizationFilter",
                        "OpenAiFilter",
                        "ModelAliasFilter",
                        "CredentialResolutionFilter",
                        "PromptInjectionFilter");
    }

    @Test
    void explainsInItsCommentsEverySettingWithItsDefaultAndNoOther() {
        var lines = all("<!--(.*?)-->").stream()
                .flatMap(String::lines)
                .map(EXPLANATION::matcher)
                .filter(Matcher::matches)
                .map(line -> List.of(line.group(1), line.group(2), line.group(3)))
                .toList();
        var expected = Arrays.stream(Setting.values())
                .map(each -> List.of(each.publicName(), each.defaultText().orElse("-"), each.help()));
        assertThat(lines).containsExactlyInAnyOrderElementsOf(expected.toList());
    }

    private List<String> all(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(xml)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("webapp/WEB-INF/web.xml"));
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
