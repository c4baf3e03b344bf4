package dev.warder.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.warder.body.Chunks;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that a name costs, and pieces cut anywhere; the cases themselves are in the contract of models. */
class ModelMembersTest {
    private static final BodyPolicy LIMITED = new BodyPolicy(Optional.of(name -> name.equals("good")), true);
    private static final int MEBIBYTES = 32;

    /** What a scan may allocate, whatever the length of a name. */
    private static final long LITTLE = 64 * 1024;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"%s\"}",
                "{\"model\":\"good\",\"tools\":[{\"model\":\"%s\"}]}",
                "{\"model\":\"good\",\"fallbacks\":[{\"model\":\"%s\"}]}",
                "{\"model\":\"good\",\"%s\":1}",
                "{\"model\":\"good\",\"tools\":[{\"%s\":1}]}",
                "{\"model\":\"good\",\"system\":\"%s\"}",
            })
    void neverCopyAnOverlongLiteral(String form) {
        var body = body(form);
        scan(body);
        long before = allocated();
        scan(body);
        assertThat(allocated() - before).isLessThan(LITTLE);
    }

    @Test
    void areTheSameByteByByte() throws Exception {
        var document =
                "{\"model\":\"good\",\"tools\":[{\"model\":\"g\\u006fod\"},{\"model\":\"bad\"}]}".getBytes(UTF_8);
        var body = new Chunks();
        var scanner = new OutlineScanner(body, LIMITED);
        for (int i = 0; i < document.length; i++) {
            body.append(document, i, 1);
            scanner.feed(document, i, 1);
        }
        var outline = scanner.finish();
        assertThat(outline.modelName()).contains("good");
        assertThat(outline.permitted()).isFalse();
        assertThat(outline).isEqualTo(OutlineScanner.outline(body, LIMITED));
    }

    @Test
    void areWhatTheirAliasesStandFor() throws Exception {
        var policy =
                new BodyPolicy(name -> name.equals("mine") ? "good" : name, LIMITED.models(), true, Optional.empty());
        var alias = OutlineScanner.outline(Recorder.body("{\"model\":\"m\\u0069ne\"}"), policy);
        assertThat(alias.modelName()).contains("good");
        assertThat(alias.alias()).contains("mine");
        assertThat(alias.permitted()).isTrue();
        var name = OutlineScanner.outline(Recorder.body("{\"model\":\"good\"}"), policy);
        assertThat(name.modelName()).contains("good");
        assertThat(name.alias()).isEmpty();
        var nested = Recorder.body("{\"model\":\"mine\",\"tools\":[{\"model\":\"mine\"}]}");
        assertThat(OutlineScanner.outline(nested, policy).permitted()).isFalse();
    }

    /** Each question costs the time of all patterns. */
    @Test
    void areAskedForOnceWhereTheyAreEqual() throws Exception {
        var asked = new ArrayList<String>();
        var policy = new BodyPolicy(
                Optional.of(name -> {
                    asked.add(name);
                    return name.startsWith("good");
                }),
                true);
        var tools = String.join(",", Collections.nCopies(1000, "{\"model\":\"good\"}"));
        assertThat(permitted("{\"model\":\"good\",\"tools\":[" + tools + "]}", policy))
                .isTrue();
        assertThat(asked).containsExactly("good");
        asked.clear();
        assertThat(permitted("{\"model\":\"good\",\"tools\":[{\"model\":\"bad\"},{\"model\":\"good\"}]}", policy))
                .isFalse();
        assertThat(permitted("{\"tools\":[{\"model\":\"\"}],\"model\":\"good\"}", policy))
                .isFalse();
        assertThat(permitted("{\"tools\":[" + tools + ",{\"model\":\"good2\"}],\"model\":\"bad\"}", policy))
                .isFalse();
        assertThat(asked).containsExactly("good", "bad", "", "good", "good2", "bad");
    }

    private static boolean permitted(String json, BodyPolicy policy) throws JsonException {
        return OutlineScanner.outline(Recorder.body(json), policy).permitted();
    }

    /** So much that it may be any number. */
    @ParameterizedTest
    @ValueSource(strings = {"1e99999999999", "1e-99999999999", "100e2147483647"})
    void mayGenerateAnythingWhereTheNumberIsUnknown(String number) throws Exception {
        var body = Recorder.body("{\"fallbacks\":[{\"model\":\"a\",\"max_tokens\":" + number + "}]}");
        assertThat(OutlineScanner.outline(body).costs().others().maxTokens()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void areFreeWhereAllModelsAre() throws Exception {
        var body = Recorder.body("{\"tools\":[{\"model\":\"bad\"}],\"fallbacks\":\"auto\",\"Model\":1}");
        assertThat(OutlineScanner.outline(body).permitted()).isTrue();
        assertThat(OutlineScanner.outline(body).modelName()).isEmpty();
    }

    @Test
    void nameTheMemberThatIsTooLong() {
        var body = Recorder.body("{\"model\":\"" + "a".repeat(257) + "\"}");
        assertThatThrownBy(() -> OutlineScanner.outline(body))
                .isInstanceOf(JsonException.class)
                .hasMessage("the name of a model is longer than 256 characters (byte 9)");
    }

    /** The form with a literal of many mebibytes that does not fit into one byte for each character. */
    private static Chunks body(String form) {
        var body = Recorder.body(form.substring(0, form.indexOf('%')));
        var piece = "a".repeat(1 << 20).getBytes(US_ASCII);
        for (int i = 0; i < MEBIBYTES; i++) {
            body.append(piece, 0, piece.length);
        }
        var rest = ("\u20ac" + form.substring(form.indexOf('%') + 2)).getBytes(UTF_8);
        body.append(rest, 0, rest.length);
        return body;
    }

    private static void scan(Chunks body) {
        try {
            OutlineScanner.outline(body, LIMITED);
        } catch (JsonException tooLong) {
            assertThat(tooLong.offset()).isLessThan(100);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
