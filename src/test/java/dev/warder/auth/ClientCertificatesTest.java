package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings and file of client certificates; what they decide is in {@code CertificateContract}. */
class ClientCertificatesTest {
    private static final String RULES = "[{\"name\":\"ci\",\"subject\":\"CN=ci\"}]";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{}} | is not JSON: an array of objects, each name once",
                "{} | entry: must be an array",
                "[{\"subject\":\"CN=a\"}] | entry 1: name: is missing",
                "[{\"name\":\"open\",\"subject\":\"CN=a\"}] | entry 1: name: must have 1 to 64 letters",
                "[{\"name\":\"a\"}] | entry 1: subject: or issuer or san is needed",
                "[{\"name\":\"a\",\"subject\":\"ci\"}] | entry 1: subject: must be a distinguished name such as CN=ci,O=Example",
                "[{\"name\":\"a\",\"san\":\"ci.example.com\"}] | entry 1: san: must begin with dns:, email: or uri:",
                "[{\"name\":\"a\",\"issuer\":\"CN=a\",\"rights\":[\"admin:read\"]}] | entry 1: rights: item 1: is for access tokens only",
                "[{\"name\":\"a\",\"issuer\":\"CN=a\",\"models\":[\"*x\"]}] | entry 1: models: item 1: must be a name, or begin one and end in *",
                "[{\"name\":\"a\",\"issuer\":\"CN=a\",\"serial\":\"1\"}] | entry 1: serial: unknown member",
            })
    void namesWhatIsWrongWithTheFile(String content, String problem) {
        assertThatThrownBy(() -> ClientCertificates.parse(content)).hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "maybe,   auth.certificate: must be off",
        "require, auth.certificate: needs clients.certificates",
    })
    void refusesAModeThatCannotBe(String mode, String problem) {
        assertThat(Sources.with("auth.certificate", mode).problem()).startsWith(problem);
    }

    @Test
    void isNoOpenAccess() throws Exception {
        var file = Files.writeString(folder.resolve("rules"), RULES);
        var sources = Sources.with("clients.certificates", "file:" + file);
        assertThat(sources.set("clients.open", "true").warnings())
                .contains("clients.certificates: has no effect while auth.certificate is off");
        assertThat(sources.set("auth.certificate", "allow").problem())
                .startsWith("clients.open: must not be true together with");
    }

    @Test
    void knowsFrontEndsByTheirNetworks() {
        assertThat(Sources.with("http.trustedProxies", "10.0.0.0/8, front.example.com")
                        .problem())
                .startsWith("http.trustedProxies: entry 2: must be a network such as 10.0.0.0/8");
    }
}
