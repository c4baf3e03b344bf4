package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawResponse;
import org.junit.jupiter.api.Test;

/**
 * Strings that programs trip over, at every place where a client or the upstream can put one: byte-equal on native routes,
 * well-formed and the same text on translated ones, and never an error of the gateway's own making.
 */
class NaughtyContract extends DeployedContract {
    /** Rule "Models of a restricted client". */
    private static final int LONGEST_MODEL = 256;

    @Override
    Deployment configured(Deployment plain) {
        return plain.with("openai.models", Completions.ALIASES).with("stream.keepAlive", "0s");
    }

    /** Seven positions of a native request: model, system, text, tool name and input, user, and a member's name. */
    @Test
    void passesThemInEveryPlaceOfANativeRequest() throws Exception {
        for (var text : NaughtyStrings.all()) {
            for (var literal : new String[] {Messages.quoted(text), NaughtyStrings.asciiLiteral(text)}) {
                var body = nativeBody(text.length() > LONGEST_MODEL ? "\"claude-x\"" : literal, literal);
                upstream.next(json(200, Messages.message(text)));
                var response = assertStatus(200, exchange(message(body)));
                assertThat(upstream.take().text()).isEqualTo(body);
                assertThat(response.text()).isEqualTo(Messages.message(text));
            }
        }
    }

    /** Four positions of a chat completion, and the response's text, whole and streamed. */
    @Test
    void translatesThemInEveryPlaceOfAChatCompletion() throws Exception {
        for (var text : NaughtyStrings.all()) {
            whole(text);
            upstream.next((request, reply) -> reply.messageStream(text));
            var streamed = assertStatus(200, exchange(Completions.request(chatBody(text, true))));
            assertThat(Completions.streamedText(streamed.text())).isEqualTo(text);
            assertThat(streamed.text()).endsWith(Completions.DONE);
            upstream.take();
        }
    }

    private void whole(String text) throws Exception {
        upstream.next(json(200, Messages.message(text)));
        assertThat(Completions.text(exchange(Completions.request(chatBody(text, false)))))
                .isEqualTo(text);
        var sent = Answers.json(upstream.take().text());
        var turn = sent.getJsonArray("messages").getJsonObject(0).getJsonArray("content");
        assertThat(turn.getJsonObject(0).getString("text")).isEqualTo(said(text));
        assertThat(sent.getJsonArray("tools").getJsonObject(0).getString("description"))
                .isEqualTo(text);
    }

    /** As a name of a member they are ignored with a field that holds it, or refused; never is a field made of them. */
    @Test
    void putsNoneOfThemIntoAFieldOfTheResponse() throws Exception {
        for (var name : NaughtyStrings.all()) {
            var body = "{\"model\":\"" + Completions.ALIAS + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                    + NaughtyStrings.asciiLiteral(name) + ":1}";
            harmless(name, exchange(Completions.request(body)));
        }
        for (char c = 0; c < 256; c++) {
            var body = "{\"model\":\"m" + "\\u%04x".formatted((int) c)
                    + "\",\"max_tokens\":\"\\u%04x\"}".formatted((int) c);
            harmless(Integer.toString(c), exchange(Completions.request(body)));
        }
    }

    /** Values of a field pass as the bytes that they are, or are refused where they hold a control character. */
    @Test
    void passesOrRefusesThemInAField() throws Exception {
        for (var text : NaughtyStrings.all()) {
            var value = new String(utf8(text), ISO_8859_1);
            var response = exchange(authenticated("GET", "/v1/skills").field("X-Naughty", value));
            harmless(text, response);
            if (response.status() == 200) {
                var sent = upstream.take().fields();
                // A line break ends the field, by whoever sends it.
                if (value.indexOf('\r') < 0 && value.indexOf('\n') < 0) {
                    assertThat(stripped(sent.first("X-Naughty").orElse(""))).isEqualTo(stripped(value));
                }
            }
            upstream.clear();
        }
    }

    /** Percent-encoded, as a segment of the path and as the query: what goes up is what came. */
    @Test
    void passesOrRefusesThemInATarget() throws Exception {
        for (var text : NaughtyStrings.all()) {
            var encoded = NaughtyStrings.percentEncoded(text);
            for (var target : new String[] {"/v1/files/" + encoded, "/v1/skills?q=" + encoded}) {
                var response = exchange(authenticated("GET", target));
                harmless(target, response);
                if (response.status() == 200) {
                    assertThat(upstream.take().target()).isEqualTo(target);
                } else {
                    assertThat(target).as("%s", response).startsWith("/v1/files/");
                }
                upstream.clear();
            }
        }
    }

    private static void harmless(String what, RawResponse response) {
        assertThat(response.status()).as("%s: %s", what, response).isIn(200, 400, 404);
        assertThat(response.fields().has("X-Injected")).isFalse();
        for (var line : response.fields().lines()) {
            assertThat(line.value().chars()).allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f);
        }
        if (response.fields().first("Content-Type").orElse("").startsWith("application/json")) {
            // Else it is the container's own page, which refuses before the application is asked.
            assertThat(Answers.json(response)).isNotEmpty();
            assertThat(response.toString()).doesNotContain("Exception");
        }
    }

    /** Blanks around a field's value are none of it (RFC 9110, section 5.5). */
    private static String stripped(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+$", "");
    }

    private static String nativeBody(String model, String literal) {
        return """
                {"model":%3$s,"max_tokens":9,"system":%1$s,"metadata":{"user_id":%1$s},%2$s:1,
                "messages":[{"role":"user","content":%1$s}],
                "tools":[{"name":%1$s,"description":%1$s,"input_schema":{"type":"object","properties":{%1$s:{"default":%1$s}}}}]}"""
                .formatted(literal, literal.replaceFirst("\"", "\"x-"), model);
    }

    private static String chatBody(String text, boolean stream) {
        return """
                {"model":"%2$s","stream":%3$s,"user":%1$s,"messages":[{"role":"system","content":"x"},{"role":"user","content":%4$s}],
                "tools":[{"type":"function","function":{"name":"f","description":%1$s,"parameters":{"type":"object","properties":{%1$s:{}}}}}]}"""
                .formatted(Messages.quoted(text), Completions.ALIAS, stream, Messages.quoted(said(text)));
    }

    /** The upstream takes no blank text, so that a blank one is refused; here it follows a letter. */
    private static String said(String text) {
        return text.isBlank() ? "x" + text : text;
    }
}
