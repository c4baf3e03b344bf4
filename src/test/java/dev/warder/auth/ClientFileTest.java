package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFileTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String LINE = "ci id=abcdefg2 sha256=" + HASH;

    @Test
    void readsNameIdAndHashWithTheDefaultRightsAndAllModels() throws Exception {
        var line = find(LINE, "abcdefg2");
        assertThat(line.client()).isEqualTo(new Client("ci", Set.of(Right.PASSTHROUGH, Right.MANAGED), List.of()));
        assertThat(line.hash()).isEqualTo(HASH);
        assertThat(line.expiredAt(Instant.MAX)).isFalse();
    }

    @Test
    void readsAttributesInAnyOrder() throws Exception {
        var line = find(
                "a.b-c_d@e \t models=claude-*,m expires=2027-01-31T00:00:00Z rights=managed sha256=" + HASH
                        + " id=abcdefg2  ",
                "abcdefg2");
        assertThat(line.client().name()).isEqualTo("a.b-c_d@e");
        assertThat(line.client().rights()).containsExactly(Right.MANAGED);
        assertThat(line.client().models())
                .containsExactly(new ModelPattern.Prefix("claude-"), new ModelPattern.Exact("m"));
    }

    @Test
    void givesAReaderOfTheAdministrationNothingElse() throws Exception {
        var rights = find(LINE + " rights=admin:read", "abcdefg2").client().rights();
        assertThat(rights).containsExactly(Right.ADMIN_READ);
        assertThat(find(LINE, "abcdefg2").client().has(Right.ADMIN_READ)).isFalse();
        assertThat(Client.SHARED.has(Right.ADMIN_READ)).isFalse();
        assertThat(Client.OPEN.has(Right.ADMIN_READ)).isFalse();
    }

    @Test
    void knowsWhoUsesManagedCredentialsWithoutTheWorkspace() throws Exception {
        var file = parse(LINE + "\nb id=bbbbbbb2 sha256=" + HASH + " rights=managed,workspace\nc id=ccccccc2 sha256="
                + HASH
                + " rights=passthrough\nd id=ddddddd2 sha256=" + HASH + " models=x\na id=eeeeeee2 sha256=" + HASH
                + " rights=managed models=*");
        assertThat(file.namesWithoutWorkspace()).containsExactly("a", "ci");
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-31T00:00:00Z,          2027-01-31T00:00:00Z",
        "2027-01-31T01:30:00+01:30,     2027-01-31T00:00:00Z",
        "2027-01-31T00:00:00.5Z,        2027-01-31T00:00:00.500Z",
    })
    void readsAnExpiry(String text, Instant expiry) throws Exception {
        var line = find(LINE + " expires=" + text, "abcdefg2");
        assertThat(line.expiredAt(expiry.minusNanos(1))).isFalse();
        assertThat(line.expiredAt(expiry)).isTrue();
    }

    @Test
    void passesOverCommentsAndBlankLines() throws Exception {
        var file = parse("# two clients\r\n\r\n  # indented\r\n" + LINE + " # of the build\n\t\n"
                + "other id=bbbbbbb2 sha256=" + HASH);
        assertThat(file.find("abcdefg2")).isPresent();
        assertThat(file.find("bbbbbbb2")).isPresent();
        assertThat(file.find("ccccccc2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shared id=abcdefg2 sha256=H",
                "open id=abcdefg2 sha256=H",
                "admin.token id=abcdefg2 sha256=H",
                "Admin.Token id=abcdefg2 sha256=H",
                "id=abcdefg2 sha256=H",
                "caf\u00e9 id=abcdefg2 sha256=H",
                "ci",
                "ci id=abcdefg2",
                "ci sha256=H",
                "ci id=abcdefg sha256=H",
                "ci id=abcdefg23 sha256=H",
                "ci id=ABCDEFG2 sha256=H",
                "ci id=abcdefg1 sha256=H",
                "ci id= sha256=H",
                "ci id=abcdefg2 sha256=HH",
                "ci id=abcdefg2 sha256=abc",
                "ci id=abcdefg2 id=abcdefg2 sha256=H",
                "ci id=abcdefg2 sha256=H H",
                "ci id=abcdefg2 sha256=H =x",
                "ci id=abcdefg2 sha256=H note=x",
                "ci id=abcdefg2 sha256=H ID=abcdefg2",
                "ci id=abcdefg2 sha256=H expires=",
                "ci id=abcdefg2 sha256=H expires=2027-01-31",
                "ci id=abcdefg2 sha256=H expires=2027-01-31T00:00Z",
                "ci id=abcdefg2 sha256=H expires=2027-01-31T00:00:00",
                "ci id=abcdefg2 sha256=H expires=2027-02-30T00:00:00Z",
                "ci id=abcdefg2 sha256=H expires=2027-01-31T25:00:00Z",
                "ci id=abcdefg2 sha256=H rights=",
                "ci id=abcdefg2 sha256=H rights=managed,",
                "ci id=abcdefg2 sha256=H rights=owner",
                "ci id=abcdefg2 sha256=H rights=admin:owner",
                "ci id=abcdefg2 sha256=H rights=Admin:read",
                "ci id=abcdefg2 sha256=H models=",
                "ci id=abcdefg2 sha256=H models=a,,b",
                "ci id=abcdefg2 sha256=H models=a*b",
                "ci id=abcdefg2 sha256=H models=**",
                "\u00a0ci id=abcdefg2 sha256=H",
            })
    void refusesABadLineWithItsNumberAndNothingOfItsContent(String bad) {
        String text = "# head\nok id=zzzzzzz2 sha256=" + HASH + "\n" + bad.replace("H", HASH);
        assertRefused(() -> parse(text))
                .hasMessageMatching("(?s)line 3 .+")
                .message()
                .doesNotContain(HASH, "abc", "note", "owner", "2027-02", "caf");
    }

    @Test
    void refusesTwoLinesWithOneId() {
        assertRefused(() -> parse(LINE + "\nother" + LINE.substring(2)))
                .hasMessage("line 2 has the id of an earlier line");
    }

    @Test
    void refusesTwoLinesWithOneName() {
        assertRefused(() -> parse(LINE + "\n" + LINE.replace("abcdefg2", "bbbbbbb2")))
                .hasMessage("line 2 has the name of an earlier line");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertRefused(() -> ClientFile.parse(new byte[] {'#', (byte) 0xff})).hasMessage("is not UTF-8");
        assertRefused(() -> parse("\ufeff" + LINE)).hasMessage("begins with a byte order mark");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ThrowingCallable parsing) {
        return assertThatThrownBy(parsing).isInstanceOf(InvalidValueException.class);
    }

    private static ClientLine find(String text, String id) throws InvalidValueException {
        return parse(text).find(id).orElseThrow();
    }

    private static ClientFile parse(String text) throws InvalidValueException {
        return ClientFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
