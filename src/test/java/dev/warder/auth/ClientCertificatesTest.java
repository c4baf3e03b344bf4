package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.auth.ClientCertificates.Names;
import dev.warder.config.Sources;
import dev.warder.testkit.Openssl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings and file of client certificates; what they decide is in {@code CertificateContract}. */
class ClientCertificatesTest {
    private static final String RULES = "[{\"name\":\"ci\",\"subject\":\"CN=ci\"}]";

    private static final String SUBJECT =
            """
            [req]
            string_mask = MASK:%s
            utf8 = yes
            prompt = no
            distinguished_name = subject
            [subject]
            DC = example
            UID = u-17
            CN = %s
            SN = Surname, with comma
            GN = Given
            title = Dr
            postalCode = 12345
            businessCategory = Private Organization
            organizationIdentifier = PSDFR-ACPR-12345
            street = Main  Street 1
            initials = A.B.
            pseudonym = Ps
            generationQualifier = III
            dnQualifier = q
            serialNumber = 4711
            O = Example + Co
            OU = Unit
            L = City
            ST = State
            description = Some Text
            name = nm
            emailAddress = a@example.com
            jurisdictionL = Berlin
            C = DE
            """;

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
                "[{\"name\":\"a\",\"subject\":\"CN=ci,SHOE=9\"}] | entry 1: subject: has an attribute of an unknown name; use its",
                "[{\"name\":\"a\",\"subject\":\"CN=ci,2.05.4=a\"}] | entry 1: subject: has an attribute of an unknown name",
                "[{\"name\":\"a\",\"issuer\":\"CN=ci,O=\"}] | entry 1: issuer: has an attribute without a value",
                "[{\"name\":\"a\",\"issuer\":\"CN=\\\\ \"}] | entry 1: issuer: has an attribute without a value",
                "[{\"name\":\"a\",\"subject\":\"2.5.4.97=#0c0561\"}] | entry 1: subject: must be a distinguished name",
                "[{\"name\":\"a\",\"subject\":\"\"}] | entry 1: subject: must be a distinguished name",
                "[{\"name\":\"a\",\"san\":\"dns:b\u00fccher.example\"}] | entry 1: san: must be visible ASCII",
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

    /** As openssl and the log of this gateway print a subject, and by the words of others. */
    @ParameterizedTest
    @CsvSource({"0x2002, ci Gr\u00f6\u00dfe", "0x800, ci Gr\u00f6\u00dfe", "0x2, ci Groesse"})
    void matchesTwentyAttributesInEachStringType(String stringTypes, String commonName) throws Exception {
        var certificate = certificate(stringTypes, commonName);
        String printed = Openssl.run(folder, "x509", "-in", "cert.pem", "-noout", "-subject", "-nameopt", "RFC2253")
                .replace("subject=", "");
        assertThat(printed).contains("organizationIdentifier=PSDFR-ACPR-12345,").contains(",SN=Surname\\, with comma,");
        var principal = certificate.getSubjectX500Principal();
        var words = printed.replace("organizationIdentifier=", "OID.2.5.4.97=")
                .replace("SN=", "surname=")
                .replace("ST=State", "s=  STATE  ")
                .replace("GN=", "2.5.4.42=")
                .replace("title=", "T=")
                .replace("Example \\+ Co", "EXAMPLE   \\+ co")
                .replace("emailAddress=", "E=");
        for (var subject : List.of(printed, words, principal.toString())) {
            assertThat(rule("subject", subject).matches(Names.of(certificate)))
                    .as(subject)
                    .isTrue();
            assertThat(rule("issuer", subject).matches(Names.of(certificate))).isTrue();
        }
        for (var another : List.of(
                printed.replace("CN=ci", "CN=cj"),
                printed.replace("ci Gr", "ciGr"),
                printed.replace("GN=Given", "GN=G\u0131ven"),
                printed.replace("C=DE,", ""),
                printed.replace("C=DE,", "C=DE,C=DE,"),
                printed.replace(",DC=example", "+DC=example"),
                printed.replace("L=City,OU=Unit", "OU=Unit,L=City"))) {
            assertThat(rule("subject", another).matches(Names.of(certificate)))
                    .as(another)
                    .isFalse();
        }
    }

    private static ClientCertificates.Rule rule(String member, String name) throws Exception {
        var text = name.replace("\\", "\\\\").replace("\"", "\\\"");
        return ClientCertificates.parse("[{\"name\":\"ci\",\"" + member + "\":\"" + text + "\"}]")
                .get(0);
    }

    private X509Certificate certificate(String stringTypes, String commonName) throws Exception {
        Files.writeString(folder.resolve("openssl.cnf"), SUBJECT.formatted(stringTypes, commonName));
        Openssl.run(
                folder,
                ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem"
                                + " -days 2 -config openssl.cnf")
                        .split(" "));
        try (var in = Files.newInputStream(folder.resolve("cert.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
