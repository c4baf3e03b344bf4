package dev.warder.contract;

import static dev.warder.contract.Contract.ACCESS_TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Deployment;
import dev.warder.testkit.Messages;
import dev.warder.testkit.RawRequest;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's names for models, in requests (rule "Aliases of models"). */
class AliasContract extends AliasGround {
    private static final List<String> PATHS = List.of(MESSAGES, "/v1/messages/count_tokens");
    private static final String TEXT = "Answer in the house style.";
    private static final String BLOCK = "{\"type\":\"text\",\"text\":\"" + TEXT + "\"}";

    private final String limited = token();

    @Override
    Deployment configured(Deployment aliases) throws Exception {
        ground.log().plant(limited);
        var line = line(limited, "support") + " models=claude-haiku-*";
        return aliases.with("openai.models", "gpt-both=claude-sonnet-5-5")
                .with(
                        "clients.file",
                        Files.writeString(folder.resolve("clients"), line).toString())
                .with("prompt.text", TEXT)
                .with("prompt.countTokens", "true")
                .with("prompt.skipModels", "claude-haiku*,claude-x,plain,FAST");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"n\":[1.0,1e3,-0], \"model\" :\\t\"fast\" ,\"a\":1,\"a\":2 }\\n | \"fast\" | \"claude-haiku-4-5\"",
                "{\"messages\":[{\"model\":\"fast\"}],\"model\":\"f\\u0061st\"}      | \"f\\u0061st\" | \"claude-haiku-4-5\"",
                "{\"model\":\"fast[1m]\",\"tools\":[{\"model\":\"fast\"}]} | \"fast[1m]\" | \"claude-haiku-4-5[1m]\"",
                "{\"model\":\"claude-x\",\"Models\":\"fast\"}              | -  | -",
                "{ \"model\" : \"FAST\" }                                  | -  | -",
                "{ \"model\" : \"plain\" }                                 | -  | -"
            })
    void replacesTheValueAndNoOtherByte(String body, String value, String model) throws Exception {
        var json = body.replace("\\t", "\t").replace("\\n", "\n");
        var expected = json.replace(value, model);
        for (var path : PATHS) {
            assertThat(send(post(path).json(json)).status()).isEqualTo(200);
            var sent = ground.upstream().take();
            assertThat(sent.text()).isEqualTo(expected);
            assertThat(sent.fields().values("content-length"))
                    .containsExactly(Integer.toString(expected.getBytes(UTF_8).length));
            assertThat(sent.fields().values("accept-encoding")).containsExactly("identity");
        }
    }

    @Test
    void replacesItInACodedBodyNextToThePrompt() throws Exception {
        var body = "{\"model\":\"review-1\",\"max_tokens\":1}";
        for (var path : PATHS) {
            var request = post(path)
                    .field("Content-Encoding", "gzip")
                    .field("Content-Digest", "sha-256=:AAAA:")
                    .body(GzipBytes.gzip(body.getBytes(UTF_8)));
            assertThat(send(request).status()).isEqualTo(200);
            var sent = ground.upstream().take();
            assertThat(sent.text())
                    .isEqualTo("{\"model\":\"claude-opus-5-5\",\"max_tokens\":1,\"system\":[" + BLOCK + "]}");
            assertThat(sent.fields().has("content-digest")).isFalse();
        }
        var last = post(MESSAGES).json("{\"system\":\"Be brief.\",\"model\":\"review-2\"}");
        assertThat(send(last).status()).isEqualTo(200);
        assertThat(ground.upstream().take().text())
                .isEqualTo("{\"system\":[" + BLOCK + ",{\"type\":\"text\",\"text\":\"Be brief.\"}],"
                        + "\"model\":\"claude-opus-5-5\"}");
    }

    @Test
    void restrictsAClientByTheModelThatIsAskedUpstream() throws Exception {
        for (var path : PATHS) {
            assertThat(send(limited(path).json(body("fast"))).status()).isEqualTo(200);
            assertThat(ground.upstream().take().text()).isEqualTo(body("claude-haiku-4-5"));
            for (var model : List.of("review", "claude-haiku-mine", "claude-opus-5-5", "plain")) {
                var answer = send(limited(path).json(body(model)));
                Answers.refused(answer, 403, "permission_error");
            }
            // Only the top-level model is replaced; this name goes up as it is.
            var nested = "{\"model\":\"fast\",\"tools\":[{\"model\":\"fast\"}]}";
            Answers.refused(send(limited(path).json(nested)), 403, "permission_error");
        }
        assertThat(ground.upstream().requests()).hasSize(2);
    }

    @Test
    void refusesAMemberThatSomeReadersTakeForTheModel() throws Exception {
        var unprompted = ground.container("unprompted", ground.usual().with("models.aliases", ENTRIES));
        for (var path : PATHS) {
            var request = Ground.request(unprompted, "POST", path).field("x-api-key", ACCESS_TOKEN);
            var answer = Ground.send(unprompted, request.json("{\"model\":\"fast\",\"Model\":\"claude-x\"}"));
            Answers.refused(answer, 400, "invalid_request_error");
        }
        assertThat(ground.upstream().requests()).isEmpty();
    }

    @Test
    void changesNothingOnTheRawRoute() throws Exception {
        ground.upstream().next((request, reply) -> reply.json(200, Messages.message("Hi.")));
        var answer = send(post("/anthropic/v1/messages").json(body("fast")));
        assertThat(answer.text()).isEqualTo(Messages.message("Hi."));
        assertThat(ground.upstream().take().text()).isEqualTo(body("fast"));
    }

    @ParameterizedTest
    @CsvSource({
        "fast,      claude-haiku-4-5",
        "fast[1m],  claude-haiku-4-5[1m]",
        "gpt-both,  claude-sonnet-5-5",
        "claude-haiku-mine, claude-opus-5-5"
    })
    void holdsForChatCompletionsAfterTheirOwnModels(String name, String model) throws Exception {
        var chat = Completions.WHOLE.replace(Completions.ALIAS, name);
        var answer = send(post(Completions.PATH).json(chat));
        assertThat(Answers.json(answer).getString("model")).isEqualTo(name);
        assertThat(ground.upstream().take().text()).contains("\"model\":\"" + model + "\"");
        assertThat(line(answer)).contains("model=" + model, "status=200");
    }

    private RawRequest limited(String path) {
        return Ground.request(container, "POST", path).field("x-api-key", limited);
    }
}
