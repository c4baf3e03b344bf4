package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHintsTest {
    private static RequestHints of(String... namesAndValues) {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(new Field("x-claude-code-" + namesAndValues[i], namesAndValues[i + 1]));
        }
        return RequestHints.of(fields);
    }

    @ParameterizedTest
    @CsvSource({
        "main, main",
        "subagent, subagent",
        "workflow, workflow",
        "compaction, compaction",
        "auxiliary, auxiliary",
        "other, other",
        "none, other",
        "MAIN, other",
        "main-2, other",
    })
    void knowsSixClasses(String value, String expected) {
        assertThat(of("Request-Class", value).requestClass()).contains(expected);
    }

    @Test
    void areNoneWithoutTheFields() {
        assertThat(of("session-id", "s")).isSameAs(RequestHints.NONE);
        assertThat(of("request-class", "", "agent-type", "", "prompt-id", "")).isSameAs(RequestHints.NONE);
    }

    @Test
    void cutsTextsAndReplacesControlCharacters() {
        var hints = of("agent-type", "a\u0085\n\u001bb\u00e9", "prompt-id", "p".repeat(10_000));
        assertThat(hints)
                .isEqualTo(new RequestHints(
                        Optional.empty(), Optional.of("a\ufffd\ufffd\ufffdb\u00e9"), Optional.of("p".repeat(64))));
    }
}
