package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.LogLine;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says when the application starts. */
@OnEachContainer
class StartContract extends GroundContract {
    private static final Pattern AFFECTED = Pattern.compile("Apache Tomcat/(10\\.1\\.(5[5-9]|60)|11\\.0\\.2[2-6])");

    @BeforeEach
    final void clearLog() {
        log.clear();
    }

    @Test
    void namesTheContainerAndItsVersion() throws Exception {
        String name = ground.container("named", ground.usual())
                .name()
                .toLowerCase(Locale.ROOT)
                .replace(' ', '/');
        assertThat(texts(Level.INFO))
                .filteredOn(text -> text.startsWith("Warder starts on "))
                .singleElement()
                .satisfies(text -> assertThat(text.toLowerCase(Locale.ROOT).replace(' ', '/'))
                        .endsWith("/on/" + name));
    }

    @Test
    void warnsOfAContainerThatMixesUpAnswers() throws Exception {
        var container = ground.container("warned", ground.usual());
        boolean affected = AFFECTED.matcher(container.name()).matches();
        assertThat(texts(Level.WARNING))
                .filteredOn(text -> text.startsWith(container.name()))
                .hasSize(affected ? 1 : 0)
                .allSatisfy(text -> assertThat(text).contains("CVE-2026-101356", "update it to"));
    }

    @Test
    void namesTheSettingsThatAreSetTwiceAndTheirWinner() throws Exception {
        ground.container(
                "twice",
                ground.guarded()
                        .with("upstream.version", "planted-loser")
                        .withJndi("warder/upstream.version", "planted-winner"));
        assertThat(texts(Level.INFO))
                .filteredOn(text -> text.contains("more than once"))
                .containsExactly("upstream.version: is set more than once; JNDI warder/upstream.version counts,"
                        + " not context-param warder.upstream.version");
        assertThat(log.lines("dev.warder", Level.ALL))
                .noneMatch(line -> line.text().contains("planted-"));
    }

    private List<String> texts(Level level) {
        return log.lines("dev.warder", Level.INFO).stream()
                .filter(line -> line.level().equals(level))
                .map(LogLine::text)
                .toList();
    }
}
