package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.Digested;
import dev.warder.testkit.RawRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests get the operator's text and which are left byte for byte as they came. */
class PromptReachContract extends SharedContract {
    private static final String TEXT = "Answer in the house style.";
    private static final String BODY =
            "{ \"model\":\"claude-haiku-4-5\",\"n\":[1.0,1e3,-0,123456789012345678901234567890],\"a\":1,\"a\":2 }";

    @ParameterizedTest(name = "mode {0}: managed {1}, passed through {2}")
    @CsvSource({"always,true,true", "managed,true,false", "off,false,false"})
    void dependsOnTheMode(String mode, boolean withManaged, boolean withOwn) throws Exception {
        var gateway = gateway(deployment -> deployment.with("prompt.text", TEXT).with("prompt.mode", mode));
        assertInjected(gateway, post("/v1/messages").json(BODY), withManaged);
        assertInjected(gateway, own("x-api-key", Contract.OWN_KEY).json(BODY), withOwn);
        assertInjected(
                gateway, own("Authorization", "Bearer " + Contract.OWN_OAUTH).json(BODY), withOwn);
    }

    @Test
    void reachesTokenCountsOnlyWhenAsked() throws Exception {
        var count = post("/v1/messages/count_tokens").json(BODY);
        assertInjected(gateway("prompt.text", TEXT), count, false);
        var counting =
                gateway(deployment -> deployment.with("prompt.text", TEXT).with("prompt.countTokens", "true"));
        assertInjected(counting, count, true);
        assertInjected(counting, post("/v1/messages").json(BODY), true);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5,false",
        "claude-haiku,false",
        "claude-sonnet-4-5,true",
        "claude-opus-4,false",
        "claude-opus-4[1m],false",
        "claude-opus-4-1,true",
        "CLAUDE-HAIKU-4,true",
        "claude-\\u0068aiku-4,false"
    })
    void leavesModelsAlone(String model, boolean injected) throws Exception {
        var gateway = gateway(deployment ->
                deployment.with("prompt.text", TEXT).with("prompt.skipModels", "claude-haiku*, claude-opus-4"));
        assertInjected(gateway, post("/v1/messages").json("{\"model\":\"" + model + "\"}"), injected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/anthropic/v1/messages",
                "/anthropic/v1/messages/count_tokens",
                "/v1/messages/batches",
                "/v1/files",
                "/v1/complete",
                "/v1/something/messages"
            })
    void neverReachesOtherPaths(String path) throws Exception {
        assertInjected(gateway("prompt.text", TEXT), post(path).json(BODY), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages?beta=true", "/v1/v1/messages"})
    void reachesEverySpellingOfMessages(String target) throws Exception {
        assertInjected(gateway("prompt.text", TEXT), post(target).json(BODY), true);
    }

    @Test
    void leavesEveryByteAloneWithoutAText() throws Exception {
        var body = "\t{ \"z\":1.0,\"b\":1e3,\"a\":-0.0E-0,\"big\":" + "9".repeat(256)
                + ",\r\n\"z\":\"\\u00e9\\/\",\"s\":\"" + "grüße 🙂 漢字 ".repeat(2000) + "\",\"system\":\"x\",\"pad\":\""
                + "p".repeat(5 << 20) + "\" } \n";
        var sent = pass(gateway(), post("/v1/messages").json(body));
        assertThat(sent.crc32c()).isEqualTo(Digested.crc32c(utf8(body)));
        assertThat(sent.fields().values("Content-Length")).containsExactly(Integer.toString(utf8(body).length));
    }

    @Test
    void followsTheFileOfTheText(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("prompt.txt"), "First.\n");
        var gateway = gateway("prompt.text", "file:" + file);
        assertThat(pass(gateway, post("/v1/messages").json("{}")).text()).contains("\"First.\"");
        Files.writeString(file, "Second, and longer.\n");
        Eventually.holds(Duration.ofSeconds(10), () -> text(gateway).contains("\"Second, and longer.\""));
    }

    private String text(Container gateway) throws Exception {
        return pass(gateway, post("/v1/messages").json("{}")).text();
    }

    private static RawRequest own(String name, String value) {
        return RawRequest.of("POST", "/v1/messages")
                .field("X-Warder-Token", Contract.ACCESS_TOKEN)
                .field(name, value);
    }

    private void assertInjected(Container gateway, RawRequest request, boolean injected) throws Exception {
        var sent = pass(gateway, request).text();
        var before = new String(request.bytes(), java.nio.charset.StandardCharsets.UTF_8).split("\r\n\r\n", 2)[1];
        var brace = before.lastIndexOf('}');
        var after = before.substring(0, brace) + ",\"system\":[{\"type\":\"text\",\"text\":\"" + TEXT + "\"}]}";
        assertThat(sent).isEqualTo(injected ? after : before);
    }
}
