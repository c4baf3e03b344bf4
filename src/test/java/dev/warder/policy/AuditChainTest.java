package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditChainTest {
    private static final Instant AT = Instant.parse("2026-11-25T10:00:00.123456Z");

    private static AuditEntry entry(long number, String before, String after, String previousHash) {
        var actor = new AuditEntry.Actor("root", "192.0.2.1", "req_1");
        return AuditEntry.of(
                number, AT, actor, new AuditEntry.Item("change", "client/ada", before, after), previousHash);
    }

    @Test
    void acceptsEntriesThatFollowEachOther() {
        var first = entry(1, "", "{}", AuditEntry.FIRST);
        var second = entry(2, "{}", "", first.hash());
        var chain = new AuditChain();
        assertThat(chain.add(first)).isEmpty();
        assertThat(chain.add(second)).isEmpty();
        assertThat(chain.length()).isEqualTo(2);
        assertThat(chain.hash()).isEqualTo(second.hash());
    }

    /** Computed by another program: anyone can verify the chain without this program. */
    @Test
    void hasAHashThatOthersCanCompute() {
        assertThat(entry(1, "", "{}", AuditEntry.FIRST).hash())
                .isEqualTo("f213de7faf59227bb87ddef191b7902c9c7669ab0a22c135423aade8f507dc7f");
    }

    /** What moves from one text to the next one is another entry. */
    @Test
    void distinguishesTextsWithTheSameCharactersInARow() {
        assertThat(entry(1, "ab", "c", AuditEntry.FIRST).hash())
                .isNotEqualTo(entry(1, "a", "bc", AuditEntry.FIRST).hash());
    }

    @Test
    void findsEntriesThatAreMissingOrReplaced() {
        var first = entry(1, "", "{}", AuditEntry.FIRST);
        var second = entry(2, "{}", "", first.hash());
        assertThat(new AuditChain().add(second).orElseThrow()).contains("entry 1 is missing");
        var chain = new AuditChain();
        assertThat(chain.add(entry(1, "", "{\"other\":1}", AuditEntry.FIRST))).isEmpty();
        assertThat(chain.add(second).orElseThrow()).contains("entry 2 does not follow");
        var forged = new AuditEntry(1, AT, first.actor(), second.item(), first.previousHash(), first.hash());
        assertThat(new AuditChain().add(forged).orElseThrow()).contains("entry 1 was changed");
    }
}
