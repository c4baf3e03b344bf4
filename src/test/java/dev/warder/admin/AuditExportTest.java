package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.adminapi.Administration;
import dev.warder.auth.ClientCertificates;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.IssuedTokens;
import dev.warder.config.FileWatch;
import dev.warder.policy.PolicyFollower;
import dev.warder.testkit.OnH2;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditExportTest extends OnH2 {
    @Test
    void writesTitlesOnceWithoutAnEntry() throws Exception {
        var settings = new ClientSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), "X-Token", false, true, ClientCertificates.OFF);
        var clients = ClientDirectory.of(
                settings, Optional.empty(), new IssuedTokens(), new FileWatch(), InstantSource.system());
        var export = new PolicyApi.AuditExport(new Administration(
                new PolicyFollower(database(), List.of(), Optional.empty()),
                clients,
                Optional.empty(),
                Optional.empty()));
        assertThat(export.next()).startsWith("number,").endsWith(",hash\r\n");
        assertThat(export.next()).isEmpty();
    }
}
