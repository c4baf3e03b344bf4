package dev.warder.frontends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.TemporaryFolder;
import dev.warder.testkit.TestCertificate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What a front end itself says to its files of {@code conf/}, by the command that their README names. */
abstract class FilesContract {
    private final FrontEnd kind;

    FilesContract(FrontEnd kind) {
        this.kind = kind;
    }

    @Test
    void areFoundValidWithoutAWarning() throws Exception {
        var folder = TemporaryFolder.create("files");
        var pem = PemFiles.write(TestCertificate.shared(), folder);
        var nodes = List.of(URI.create("http://127.0.0.1:8081"), URI.create("http://127.0.0.1:8082"));
        var site = new Site(folder, 8443, nodes, pem);
        kind.prepare(site);
        var process = kind.check(site).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.toLowerCase(Locale.ROOT)).doesNotContain("warn", "alert", "could not", "deprecated");
        TemporaryFolder.delete(folder);
    }
}
