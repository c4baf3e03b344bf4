package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.adminapi.Administration;
import dev.warder.auth.ClientCertificates;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.IssuedTokens;
import dev.warder.config.FileWatch;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.PolicyFollower;
import dev.warder.policy.PolicyName;
import dev.warder.testkit.OnH2;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An audit of 101 entries, in pieces of 100. */
class AuditVerificationTest extends OnH2 {
    private Optional<Administration> administration = Optional.empty();

    @BeforeEach
    void fill() throws Exception {
        var settings = new ClientSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), "X-Token", false, true, ClientCertificates.OFF);
        var filled = new Administration(
                new PolicyFollower(database(), List.of(), Optional.empty()),
                ClientDirectory.of(
                        settings, Optional.empty(), new IssuedTokens(), new FileWatch(), InstantSource.system()),
                Optional.empty(),
                Optional.empty());
        var request = new Administration.Request(
                new AuditEntry.Actor("root", "192.0.2.1", "req_1"), Optional.empty(), Optional.empty());
        for (int i = 0; i <= 100; i++) {
            filled.create(
                    new PolicyName(PolicyName.Kind.TEAM, "t" + i),
                    JsonTree.newObject().build(),
                    request);
        }
        administration = Optional.of(filled);
    }

    private AuditVerification verification(String form, boolean goesOn) throws Exception {
        return AuditVerification.of(
                administration.orElseThrow(), Form.parse(form).orElseThrow(), () -> goesOn);
    }

    @Test
    void verifiesPieceByPiece() throws Exception {
        var outcome = verification("", true);
        assertThat(outcome.number()).isEqualTo(101);
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.isUnfinished()).isFalse();
    }

    @Test
    void endsAfterAPieceAndContinues() throws Exception {
        var outcome = verification("", false);
        assertThat(outcome.number()).as("others have the thread now").isEqualTo(100);
        assertThat(outcome.isUnfinished()).isTrue();
        var next = verification("number=100&hash=" + outcome.hash(), false);
        assertThat(next.number()).isEqualTo(101);
        assertThat(next.problem()).isEmpty();
    }
}
