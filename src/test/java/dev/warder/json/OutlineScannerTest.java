package dev.warder.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.BodyCosts.BodyPrompt;
import dev.warder.json.BodyCosts.BodyThread;
import dev.warder.json.BodyCosts.OtherModels;
import dev.warder.testkit.EachRow;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlineScannerTest {
    private static final String IMAGE =
            "{\"type\":\"image\",\"source\":{\"data\":\"x\",\"type\":\"base64\",\"media_type\":\"image/png\"}}";

    private static JsonOutline outline(String document) throws JsonException {
        return OutlineScanner.outline(Recorder.body(document));
    }

    private static String value(String document, JsonOutline.Member member) {
        return Recorder.text(Recorder.body(Recorder.body(document).copy(member.from(), member.to())));
    }

    @Test
    void findsTheMembersThatDecide() throws JsonException {
        String document = " { \"model\" : \"claude-x\" ,\"messages\":[{\"model\":1,\"system\":2}],\"stream\":true,"
                + "\"system\":[{\"text\":\"}\"}] , \"max_tokens\":1024} \n";
        JsonOutline outline = outline(document);
        assertThat(outline.closingBrace()).isEqualTo(document.lastIndexOf('}'));
        assertThat(outline.hasMembers()).isTrue();
        assertThat(outline.model().kind()).isEqualTo(JsonKind.STRING);
        assertThat(value(document, outline.model())).isEqualTo("\"claude-x\"");
        assertThat(outline.stream().kind()).isEqualTo(JsonKind.TRUE);
        assertThat(outline.system().kind()).isEqualTo(JsonKind.ARRAY);
        assertThat(value(document, outline.system())).isEqualTo("[{\"text\":\"}\"}]");
        assertThat(outline.maxTokens().kind()).isEqualTo(JsonKind.NUMBER);
        assertThat(value(document, outline.maxTokens())).isEqualTo("1024");
        assertThat(outline.modelName()).contains("claude-x");
        assertThat(outline.streams()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"x\"}}]}]}",
                "{\"messages\":[{\"content\":[{\"content\":[{\"source\":{\"file_id\":\"x\",\"type\":\"file\"}}]}]}]}",
                "{\"messages\":[{\"content\":[{\"s\\u006furce\":{\"type\":\"url\",\"url\":\"x\"}}]}]}",
                "{\"messages\":[{\"content\":[{\"source\":{\"\\u0074\\u0079\\u0070\\u0065\":\"\\u0075rl\"}}]}]}",
                "{\"messages\":[{\"content\":[{\"source\":{\"source\":{\"type\":\"base64\"},\"type\":\"url\"}}]}]}"
            })
    void findsWhatIsElsewhere(String document) throws JsonException {
        assertThat(outline(document).costs().prompt().refersElsewhere()).isTrue();
        assertThat(outline(document).costs().prompt().usesWeb()).isEqualTo(!document.contains("file"));
        assertThat(outline(document).costs().prompt().grows()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tools\":[{\"name\":\"a\"},{\"type\":\"web_search_20250305\",\"name\":\"b\"}]}",
                "{\"tools\":[{\"t\\u0079pe\":\"web_search_20250305\",\"name\":\"b\"}]}",
                "{\"tools\":[{\"type\":\"w\\u0065b_fetch_20250910\",\"name\":\"web_\"}]}",
                "{\"tools\":[{\"type\":\"code_execution_20250825\"}]}",
                "{\"mcp_servers\":[{}]}",
                "{\"container\":\"x\"}",
                "{\"container\":{}}",
                "{\"messages\":[{\"content\":[{\"type\":\"container_upload\",\"file_id\":\"f\"}]}]}",
                "{\"messages\":[{\"content\":[{\"type\":\"tool_addition\",\"tool\":{\"definition\":{\"type\":\"web_search_20250305\"}}}]}]}"
            })
    void findsWhatMayAddPrompts(String document) throws JsonException {
        boolean usesWeb = document.contains("web_") || document.contains("mcp_");
        assertThat(outline(document).costs()).isEqualTo(costs(new BodyPrompt(false, true, usesWeb, false, 0, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":[{\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"x\"}}]}]}",
                "{\"messages\":[{\"content\":[{\"source\":{\"type\":\"base64\",\"data\":\"x\"}}]}]}",
                "{\"messages\":[{\"content\":[{\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\","
                        + "\"media_type\":\"application/pdf\",\"data\":\"x\"}}]}]}"
            })
    void findsFiles(String document) throws JsonException {
        assertThat(outline(document).costs()).isEqualTo(costs(new BodyPrompt(false, false, false, true, 0, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":[%s,%s]}]}",
                "{\"messages\":[{\"x\":[[{}]],\"content\":[{\"content\":[%s,%s]}]}]}"
            })
    void findsImages(String document) throws JsonException {
        assertThat(known(document.formatted(IMAGE, IMAGE)))
                .isEqualTo(costs(new BodyPrompt(false, false, false, false, 2, 6, 0)));
    }

    /** Where the upstream reads text, the data of an image is text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":%s}]}]}",
                "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"content\":[%s]}}]}]}",
                "{\"messages\":[{\"content\":[[%s]]}]}",
                "{\"tools\":[{\"input_schema\":{\"examples\":[%s]}}]}",
                "{\"system\":[%s]}"
            })
    void countsTheBytesOfWhatIsPerhapsNoImage(String document) throws JsonException {
        assertThat(outline(document.formatted(IMAGE)).costs())
                .isEqualTo(costs(new BodyPrompt(false, false, false, false, 1, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":[{\"source\":{\"type\":\"text\",\"data\":\"x\"},\"type\":\"file\"}]}]}",
                "{\"messages\":[{\"content\":[{\"input\":{\"url\":\"x\",\"type\":\"url\"}}]}]}",
                "{\"tools\":[{\"type\":\"custom\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"source\":"
                        + "{\"type\":\"string\"}}}},{\"type\":\"bash_20250124\"}],\"x\":[{\"type\":\"web_search\"}]}",
                "{\"mcp_servers\":[],\"container\":null,\"speed\":\"standard\",\"x\":{\"speed\":\"fast\"}}",
                "{\"cache_control\":{\"ttl\":\"5m\"},\"x\":{\"ttl\":[\"1h\"]}}"
            })
    void mostBodiesSayLittleAboutTheirCost(String document) throws JsonException {
        assertThat(known(document)).isEqualTo(BodyCosts.NONE);
    }

    @Test
    void findsTheSpeedThePlaceAndTheHour() throws JsonException {
        assertThat(known("{\"inference_geo\":\"us\",\"x\":{\"inference_geo\":\"eu\"}}"))
                .isEqualTo(costs(false, false, Optional.of("us")));
        assertThat(known("{\"inference_geo\":\"" + "x".repeat(33) + "\"}")).isEqualTo(BodyCosts.NONE);
        assertThat(outline("{\"system\":[{\"cache_control\":{\"tt\\u006c\":\"1h\"}}]}")
                        .costs())
                .isEqualTo(costs(true, false, Optional.empty()));
        assertThat(known("{\"speed\":\"fast\"}")).isEqualTo(costs(false, true, Optional.empty()));
        assertThat(outline("{\"system\":[{\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]}")
                        .costs())
                .isEqualTo(costs(true, false, Optional.empty()));
    }

    @Test
    void findsTheModelsThatMayRunToo() throws JsonException {
        assertThat(others("{\"fallbacks\":[{\"model\":\"opus\"},{\"mod\\u0065l\":\"haiku\"}],\"model\":\"sonnet\"}"))
                .isEqualTo(new OtherModels(List.of("opus", "haiku"), 2, 0));
        assertThat(others("{\"tools\":[{\"type\":\"advisor_20260301\",\"model\":\"opus\"},{\"model\":\"opus\"}]}"))
                .isEqualTo(new OtherModels(List.of("opus"), 2, 0));
        assertThat(others("{\"messages\":[{\"model\":\"opus\"}],\"system\":[{\"model\":\"opus\"}]}"))
                .isEqualTo(OtherModels.NONE);
    }

    @Test
    void findsHowMuchOtherModelsMayGenerate() throws JsonException {
        var fallbacks =
                "{\"fallbacks\":[{\"model\":\"opus\",\"max_tokens\":5e3},{\"model\":\"opus\",\"max_tokens\":9}]}";
        assertThat(others(fallbacks)).isEqualTo(new OtherModels(List.of("opus"), 2, 5000));
        assertThat(others("{\"messages\":[{\"content\":[{\"type\":\"tool_addition\",\"tool\":{\"definition\":"
                        + "{\"type\":\"advisor_20260301\",\"max_tokens\":7,\"model\":\"opus\"}}}]}]}"))
                .isEqualTo(new OtherModels(List.of("opus"), 1, 7));
        assertThat(others("{\"tools\":[{\"model\":\"opus\",\"max_tokens\":1e400}]}")
                        .maxTokens())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(outline("{\"fallbacks\":[{\"model\":\"opus\",\"speed\":\"fast\"}]}")
                        .costs()
                        .fast())
                .isTrue();
        assertThat(outline("{\"tools\":[{\"x\":{\"speed\":\"fast\"}}]}").costs().fast())
                .isFalse();
    }

    /** The upstream may then choose any. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"fallbacks\":\"default\"}", "{\"fallbacks\":[\"opus\"]}"})
    void anUnknownFormOfFallbacksMayMeanAnyModel(String document) throws JsonException {
        assertThat(others(document)).isEqualTo(new OtherModels(List.of(""), 1, 0));
    }

    @Test
    void manyModelsAndLongNamesMayBeAnyModel() throws JsonException {
        var tools = IntStream.range(0, 100)
                .mapToObj(i -> "{\"model\":\"m" + i + "\"}")
                .collect(joining(","));
        assertThat(others("{\"tools\":[" + tools + "]}").names()).hasSize(9).contains("m7", "");
        assertThat(others("{\"x\":{\"model\":\"" + "m".repeat(300) + "\"}}").names())
                .containsExactly("");
    }

    @Test
    void aCompactionIsARunOfItsOwn() throws JsonException {
        assertThat(others("{\"context_management\":{\"edits\":[{\"type\":\"compact_20260112\"},"
                        + "{\"type\":\"clear_thinking_20251015\"},{\"x\":{\"type\":\"compact_20260112\"}}]}}"))
                .isEqualTo(new OtherModels(List.of(), 1, 0));
    }

    private static OtherModels others(String document) throws JsonException {
        return outline(document).costs().others();
    }

    @EachRow({
        "``|the document is empty (byte 0)",
        "{\"a\":1|the document ends early (byte 6)",
        "[]|the body must be an object (byte 0)",
        "null|the body must be an object (byte 0)",
        "{\"model\":1,\"model\":2}|the member \"model\" comes twice (byte 11)",
        "{\"stream\":1,\"stream\":2}|the member \"stream\" comes twice (byte 12)",
        "{\"system\":1,\"system\":2}|the member \"system\" comes twice (byte 12)",
        "{\"max_tokens\":1,\"max_tokens\":2}|the member \"max_tokens\" comes twice (byte 16)",
        "{\"thread\":1,\"thread\":2}|the member \"thread\" comes twice (byte 12)",
    })
    void saysWhatIsWrongAndWhere(String document, String message) {
        assertThatThrownBy(() -> outline(document))
                .isInstanceOf(JsonException.class)
                .hasMessage(message);
    }

    @Test
    void knowsWhatIsAbsent() throws JsonException {
        JsonOutline empty = outline("{ }");
        assertThat(empty.hasMembers()).isFalse();
        assertThat(empty.model()).isEqualTo(JsonOutline.Member.ABSENT);
        assertThat(empty.closingBrace()).isEqualTo(2);
        assertThat(empty.modelName()).isEmpty();
        assertThat(empty.streams()).isFalse();
        assertThat(outline("{\"x\":1}").hasMembers()).isTrue();
    }

    @Test
    void decodesNamesAndTheModel() throws JsonException {
        String document =
                "{\"mod\\u0065l\":\"\\u0063laude\",\"\\u006d\\u0061\\u0078\\u005f\\u0074\\u006f\\u006b\\u0065\\u006e\\u0073\":1}";
        JsonOutline outline = outline(document);
        assertThat(outline.modelName()).contains("claude");
        assertThat(outline.maxTokens().kind()).isEqualTo(JsonKind.NUMBER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "false", "1", "null", "[true]"})
    void streamsOnlyWhenLiterallyTrue(String value) throws JsonException {
        assertThat(outline("{\"stream\":" + value + "}").streams()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "null", "{\"model\":\"a\"}", "[\"a\"]"})
    void hasNoModelThatIsNotAString(String value) throws JsonException {
        String document = "{\"model\":" + value + "}";
        assertThat(outline(document).modelName()).isEmpty();
    }

    @Test
    void readsTheSameByteByByte() throws JsonException {
        byte[] document =
                "{\"x\":[1,{\"model\":2}],\"mod\\u0065l\":\"é\",\"system\":null,\"stream\":true}".getBytes(UTF_8);
        Chunks body = new Chunks();
        OutlineScanner scanner = new OutlineScanner(body, BodyPolicy.NONE);
        for (int i = 0; i < document.length; i++) {
            body.append(document, i, 1);
            scanner.feed(document, i, 1);
        }
        assertThat(scanner.finish()).isEqualTo(OutlineScanner.outline(Recorder.body(document)));
    }

    @Test
    void findsTheMembersThatAreAskedForWhereTheirPathsLead() throws JsonException {
        String document =
                """
                {"metadata":{"user_id":"me"},"user_id":1,"tools":[{"type":"a"},[{"type":"no"}],{"x":{"type":"no"},"ty\\u0070e":"b"}],
                "messages":[{"content":[{"input":{"cache_control":{"scope":"no"}},"cache_control":{"scope":{}}},7]}],
                "system":"no","output_config":{"format":{"type":"json"},"effort":"low"}}
                """;
        var asked = ask(
                "metadata.user_id",
                "tools[].type",
                "messages[].content[].cache_control.scope",
                "system[].cache_control.scope",
                "output_config",
                "output_config.format");
        var body = Recorder.body(document);
        var found = OutlineScanner.outline(body, asked).found().orElseThrow();
        assertThat(found.stream().map(each -> each.path() + " " + value(document, each.value())))
                .containsExactly(
                        "metadata.user_id \"me\"",
                        "tools[].type \"a\"",
                        "tools[].type \"b\"",
                        "messages[].content[].cache_control.scope {}",
                        "output_config {\"format\":{\"type\":\"json\"},\"effort\":\"low\"}",
                        "output_config.format {\"type\":\"json\"}");
        assertThat(found.stream().flatMap(each -> each.text().stream())).containsExactly("me", "a", "b");
        var scanner = new OutlineScanner(body, asked);
        for (byte each : document.getBytes(UTF_8)) {
            scanner.feed(new byte[] {each}, 0, 1);
        }
        assertThat(scanner.finish().found()).contains(found);
        assertThat(outline(document).found()).contains(List.of());
    }

    @EachRow({
        "{\"a\":1}| {}",
        "{ \"a\" : 1 , \"x\":2}| { \"x\":2}",
        "{\"x\":2 , \"a\":1 }| {\"x\":2  }",
        "{\"x\":2,\"a\":[1],\"y\":3}| {\"x\":2,\"y\":3}",
        "{\"a\":1,\"b\":2,\"x\":3}| {\"x\":3}",
        "{\"x\":3,\"a\":1 , \"b\":2}| {\"x\":3}",
        "{\"x\":3,\"a\":1,\"y\":4,\"b\":2,\"z\":5}| {\"x\":3,\"y\":4,\"z\":5}",
        "{\"a\":1,\"x\":3,\"b\":2}| {\"x\":3}",
        "{\"c\":{\"d\":{\"e\":1}},\"x\":{\"a\":1}}| {\"x\":{\"a\":1}}",
        "{\"t\":[1,{\"x\":2}],\"x\":3}| {\"t\":[],\"x\":3}"
    })
    void cutsMembersWithOneOfTheCommasAroundThem(String document, String left) throws JsonException {
        var body = Recorder.body(document);
        var found = OutlineScanner.outline(body, ask("a", "b", "c", "c.d", "c.d.e", "t[]"))
                .found()
                .orElseThrow();
        assertThat(Recorder.text(body.splice(RequestEdit.cut(found, body)))).isEqualTo(left);
    }

    @Test
    void reportsNoneWhereThereAreTooMany() throws JsonException {
        for (int count : List.of(1000, 1001)) {
            var body = Recorder.body("{\"t\":[" + String.join(",", Collections.nCopies(count, "1")) + "]}");
            assertThat(OutlineScanner.outline(body, ask("t[]")).found().map(List::size))
                    .isEqualTo(count == 1000 ? Optional.of(count) : Optional.empty());
        }
    }

    private static BodyPolicy ask(String... paths) {
        return new BodyPolicy(
                BodyPolicy.NONE.resolver(), Optional.empty(), false, Optional.of(MemberPaths.of(List.of(paths))));
    }

    @Test
    void keepsTheLaterOfTwoEditsOfTheSameBytes() throws JsonException {
        String document = "{\"a\":1,\"b\":2}";
        Chunks body = Recorder.body(document);
        RequestEdit first = (outline, original) ->
                List.of(splice(1, 1, "\"z\":0,"), splice(5, 6, "10"), splice(6, 6, " "), splice(12, 12, ",\"c\":3"));
        RequestEdit second = (outline, original) -> List.of(splice(1, 7, ""));
        Chunks edited = body.splice(first.then(second).splices(outline(document), body));
        assertThat(Recorder.text(edited)).isEqualTo("{\"z\":0,\"b\":2,\"c\":3}");
    }

    @Test
    void joinsTwoEditsOfTheOriginal() throws JsonException {
        String document = "{\"a\":1,\"b\":2}";
        Chunks body = Recorder.body(document);
        RequestEdit first = (outline, original) -> List.of(splice(5, 6, "10"), splice(12, 12, ",\"c\":3"));
        RequestEdit second = (outline, original) -> List.of(splice(1, 1, " "), splice(12, 12, ",\"d\":4"));
        Chunks edited = body.splice(first.then(second).splices(outline(document), body));
        assertThat(Recorder.text(edited)).isEqualTo("{ \"a\":10,\"b\":2,\"c\":3,\"d\":4}");
    }

    @Test
    void putsAnInsertionBeforeAReplacementThatBeginsThere() throws JsonException {
        Chunks body = Recorder.body("{\"a\":1}");
        RequestEdit replacing = (outline, original) -> List.of(splice(5, 6, "2"));
        RequestEdit inserting = (outline, original) -> List.of(splice(5, 5, " "));
        Chunks edited = body.splice(replacing.then(inserting).splices(outline("{\"a\":1}"), body));
        assertThat(Recorder.text(edited)).isEqualTo("{\"a\": 2}");
    }

    private static Splice splice(long from, long to, String text) {
        return new Splice(from, to, text.getBytes(UTF_8));
    }

    private static BodyCosts costs(boolean hour, boolean fast, Optional<String> geo) {
        return new BodyCosts(BodyPrompt.TEXT, hour, fast, geo, OtherModels.NONE, Optional.empty(), List.of(), false);
    }

    private static BodyCosts costs(BodyPrompt prompt) {
        return new BodyCosts(
                prompt, false, false, Optional.empty(), OtherModels.NONE, Optional.empty(), List.of(), false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"msg_1\"}}",
                "{\"thr\\u0065ad\":{\"previous_message_id\":\"msg\\u005f1\",\"type\":\"c\\u006fntinue\"}}"
            })
    void findsTheThreadThatIsContinued(String document) throws JsonException {
        var costs = outline(document).costs();
        assertThat(costs.thread()).contains(BodyThread.after("msg_1"));
        assertThat(costs.prompt().isUnbounded()).isTrue();
        assertThat(costs.after(7, "main", BodyCosts.NONE).prompt())
                .isEqualTo(new BodyPrompt(false, false, false, false, 0, 0, 7));
    }

    /** What the API may read as a thread that continues. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"thread\":{}}",
                "{\"thread\":[]}",
                "{\"thread\":\"msg_1\"}",
                "{\"thread\":{\"type\":\"continue\"}}",
                "{\"thread\":{\"type\":\"fork\",\"previous_message_id\":\"msg_1\"}}",
                "{\"thread\":{\"type\":\"create\",\"type\":\"continue\",\"previous_message_id\":\"msg_1\"}}",
                "{\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"msg_1\",\"previous_message_id\":\"msg_2\"}}",
                "{\"thread\":{\"type\":\"create\",\"previous_message_id\":{}}}",
                "{\"thread\":{\"type\":\"continue\",\"previous_message_id\":{}}}"
            })
    void takesAThreadOfAnUnknownFormForAnyThread(String document) throws JsonException {
        assertThat(outline(document).costs().thread()).contains(BodyThread.UNKNOWN);
        assertThat(outline(document).costs().prompt().isUnbounded()).isTrue();
    }

    @Test
    void findsThatAThreadIsCreatedAndThatThereIsNone() throws JsonException {
        assertThat(outline("{\"thread\":{\"type\":\"create\"}}").costs().thread())
                .contains(BodyThread.CREATED);
        assertThat(outline("{\"thread\":{\"type\":\"create\"}}").costs().prompt())
                .isEqualTo(BodyPrompt.TEXT);
        for (var none : List.of("{\"thread\":null}", "{\"metadata\":{\"thread\":{\"type\":\"continue\"}}}", "{}")) {
            assertThat(outline(none).costs().thread()).isEmpty();
        }
    }

    @Test
    void findsWhatItDoesNotKnow() throws JsonException {
        assertThat(unknown("{\"memory_store\":1}")).containsExactly("memory_store");
        assertThat(unknown("{\"messages\":[{\"content\":[{\"type\":\"dossier\",\"dossier_id\":\"x\"}]}]}"))
                .containsExactly("type=dossier", "dossier_id");
        assertThat(unknown("{\"tools\":[{\"type\":\"oracle_20270101\",\"name\":\"o\"}]}"))
                .containsExactly("type=oracle_20270101");
        assertThat(
                        unknown(
                                "{\"t\\u006fols\":[{\"input_schema\":{\"type\":\"object\",\"properties\":{\"a\":{}}}}],\"temperature\":1}"))
                .isEmpty();
        assertThat(
                        unknown(
                                "{\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"thread\":[{}]}},{\"new\":1}]}]}"))
                .containsExactly("new");
        assertThat(unknown("{\"" + "x".repeat(300) + "\":1}")).containsExactly("");
        var many = IntStream.range(0, 30).mapToObj(i -> "\"n" + i + "\":" + i).collect(Collectors.joining(","));
        assertThat(unknown("{" + many + "}")).hasSize(9).contains("n0", "n7", "");
    }

    private static List<String> unknown(String document) throws JsonException {
        return outline(document).costs().unknown();
    }

    /** What is known of the costs, without the names that are not. */
    private static BodyCosts known(String document) throws JsonException {
        var found = outline(document).costs();
        return new BodyCosts(
                found.prompt(),
                found.cachesForAnHour(),
                found.fast(),
                found.geo(),
                found.others(),
                found.thread(),
                List.of(),
                false);
    }

    /** The tools of a thread are in its first request only. */
    @Test
    void keepsWhatTheThreadHas() throws JsonException {
        var began = outline(
                        "{\"tools\":[{\"type\":\"web_search_20260318\",\"name\":\"s\"},{\"type\":\"advisor_20260301\","
                                + "\"model\":\"claude-opus-5-5\",\"caching\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}],\"new\":1}")
                .costs();
        var next = outline("{\"thread\":{\"type\":\"continue\",\"previous_message_id\":\"msg_1\"}}")
                .costs()
                .after(7, "main", began);
        assertThat(next.prompt().grows()).isTrue();
        assertThat(next.cachesForAnHour()).isTrue();
        assertThat(next.others().names()).containsExactly("claude-opus-5-5");
        assertThat(next.unknown()).containsExactly("new");
        assertThat(next.thread().orElseThrow().keeper()).contains("main");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"content\":[{\"tool\":{\"definition\":{\"type\":\"advisor_20260301\",\"model\":\"opus\"}}}]}]}",
                "{\"messages\":[{\"content\":[{\"tool\":{\"definition\":{\"configs\":{\"definition\":{}},\"model\":\"opus\"}}}]}]}"
            })
    void findsTheModelOfAToolThatAMessageAdds(String document) throws JsonException {
        assertThat(outline(document).costs().others().names()).containsAnyOf("opus", "");
        assertThat(outline(document).costs().prompt().grows()).isTrue();
    }
}
