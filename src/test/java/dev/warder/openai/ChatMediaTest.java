package dev.warder.openai;

import static dev.warder.openai.ChatSample.assertJson;
import static dev.warder.openai.ChatSample.json;
import static dev.warder.openai.ChatSample.refusal;
import static dev.warder.openai.ChatSample.requests;
import static dev.warder.openai.ChatSample.translated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.testkit.EachRow;
import org.junit.jupiter.api.Test;

/** Images and files in messages (rule "Translated requests"). */
class ChatMediaTest {
    @EachRow({
        "data:image/png;base64,QUJD | {'type': 'base64', 'media_type': 'image/png', 'data': 'QUJD'}",
        "data:image/jpeg;base64,QUJD | {'type': 'base64', 'media_type': 'image/jpeg', 'data': 'QUJD'}",
        "DATA:image/JPG;charset=x;base64,QUJD | {'type': 'base64', 'media_type': 'image/jpeg', 'data': 'QUJD'}",
        "data:image/webp;base64,QUJD | {'type': 'base64', 'media_type': 'image/webp', 'data': 'QUJD'}",
        "data:image/gif;base64,QUJD | {'type': 'base64', 'media_type': 'image/gif', 'data': 'QUJD'}",
        "https://a.example/b.png?c | {'type': 'url', 'url': 'https://a.example/b.png?c'}",
        "HTTP://a.example/ | {'type': 'url', 'url': 'HTTP://a.example/'}",
    })
    void t24TakesImages(String url, String source) {
        assertJson(
                block("{'type': 'image_url', 'image_url': {'url': '" + url + "'}}"),
                "{'type': 'image', 'source': " + source + "}");
    }

    @EachRow({
        "'file_data': 'data:application/pdf;base64,JVBERi0x' | {'type': 'base64', 'media_type':"
                + " 'application/pdf', 'data': 'JVBERi0x'}",
        "'file_data': 'JVBERi0x' | {'type': 'base64', 'media_type': 'application/pdf', 'data': 'JVBERi0x'}",
        "'file_data': 'data:text/plain;base64,w6Q=' | {'type': 'text', 'media_type': 'text/plain', 'data':" + " 'ä'}",
        "'file_data': 'data:text/plain;charset=utf-8;base64,w6\\r"
                + "\\n"
                + "Q=' | {'type': 'text', 'media_type': 'text/plain', 'data': 'ä'}",
        "'file_url': 'https://a.example/b' | {'type': 'url', 'url': 'https://a.example/b'}",
        "'file_id': 'file_01' | {'type': 'file', 'file_id': 'file_01'}",
    })
    void t25TakesDocuments(String file, String source) {
        assertJson(
                block("{'type': 'file', 'file': {" + file + ", 'filename': 'b.pdf'}}"),
                "{'type': 'document', 'source': " + source + ", 'title': 'b.pdf'}");
    }

    /** The types of text cannot be listed: whatever can be read as UTF-8 is text. */
    @Test
    void t25TakesTextOfAnyType() {
        var types = "text/markdown|text/csv|text/html|text/x-python; charset=utf-8|application/json|"
                + "application/xml|application/x-sh|application/vnd.example.new+json|"
                + "application/octet-stream|image/svg+xml|video/mp2t|";
        for (String type : types.split("[|]", -1)) {
            assertJson(
                    block("{'type': 'file', 'file': {'file_data': 'data:" + type
                            + ";base64,w6Q=', 'filename': 'b.md'}}"),
                    "{'type': 'document', 'source': {'type': 'text', 'media_type': 'text/plain', 'data': 'ä'},"
                            + " 'title': 'b.md'}");
        }
    }

    @EachRow({
        "{'type': 'image_url', 'image_url': {'file_id': 'file_01'}} |"
                + " {'type': 'image', 'source': {'type': 'file', 'file_id': 'file_01'}}",
        "{'type': 'file', 'file': {'file_data': 'data:application/octet-stream;base64,JVBERi0x'}} | {'type':"
                + " 'document', 'source': {'type': 'base64', 'media_type': 'application/pdf', 'data': 'JVBERi0x'}}",
        "{'type': 'image_url', 'image_url': {'url': 'data:application/pdf;base64,QUJD'}} | {'type': 'document',"
                + " 'source': {'type': 'base64', 'media_type': 'application/pdf', 'data': 'QUJD'}}",
        "{'type': 'image_url', 'image_url': {'url': 'https://a.example/b.PDF#p'}} | {'type': 'document', 'source':"
                + " {'type': 'url', 'url': 'https://a.example/b.PDF#p'}}",
        "{'type': 'file', 'file': {'file_data': 'data:image/png;base64,QUJD', 'filename': 'b.png'}} | {'type':"
                + " 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'QUJD'}}",
    })
    void t24T25TellAnImageFromADocument(String part, String sent) {
        assertJson(block(part), sent);
    }

    @EachRow({
        "{'type': 'image_url'} | image_url",
        "{'type': 'image_url', 'image_url': 'x'} | image_url",
        "{'type': 'image_url', 'image_url': {}} | image_url.url",
        "{'type': 'image_url', 'image_url': {'url': 'ftp://a'}} | image_url.url",
        "{'type': 'image_url', 'image_url': {'url': 'data:image/png,abc'}} | image_url.url",
        "{'type': 'image_url', 'image_url': {'url': 'data:image/png;base64,'}} | image_url.url",
        "{'type': 'image_url', 'image_url': {'file_id': 'file-01'}} | image_url.file_id",
        "{'type': 'file'} | file",
        "{'type': 'file', 'file': {}} | file.file_id",
        "{'type': 'file', 'file': {'file_id': 'file-01'}} | file.file_id",
        "{'type': 'file', 'file': {'file_data': 'data:video/mp4;base64,QUJD'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,Q'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,5A=='}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,Q*UJD'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,IAo='}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:application/zip;base64,UEsDBBQA'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:application/octet-stream;base64,/wAB'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:image/x-new;base64,QUJD'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'QUJD', 'filename': 'a.txt'}} | file.file_data",
    })
    void t26RefusesWhatTheModelCannotTake(String part, String param) {
        assertThat(refusal(request(part)).param()).contains("messages[0].content[0]." + param);
    }

    @Test
    void refusesAnImageWhereTheModelTakesNone() {
        var result = requests("{'id': 'claude-opus-5', 'capabilities': {'image_input': {'supported': false}}}")
                .translate(json(request("{'type': 'image_url', 'image_url': {'url': 'https://a.example/b'}}")));
        assertThat(((RequestOutcome.Refused<ChatContext>) result).refusal().param())
                .contains("messages[0].content[0].type");
    }

    private static jakarta.json.JsonValue block(String part) {
        return translated(request(part))
                .message()
                .getJsonArray("messages")
                .getJsonObject(0)
                .getJsonArray("content")
                .get(0);
    }

    private static String request(String part) {
        return "{'model': 'claude-opus-5', 'messages': [{'role': 'user', 'content': [" + part + "]}]}";
    }

    @Test
    void t24ListsTheDetail() {
        var result = translated(request("{'type': 'image_url', 'image_url': {'url': 'https://a.example/b',"
                + " 'detail': 'low'}, 'cache_control': {'type': 'ephemeral'}}"));
        assertThat(result.ignored()).containsExactly("detail");
        assertJson(
                result.message()
                        .getJsonArray("messages")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .get(0),
                "{'type': 'image', 'source': {'type': 'url', 'url': 'https://a.example/b'},"
                        + " 'cache_control': {'type': 'ephemeral'}}");
    }

    @Test
    void t25ListsABlankName() {
        var result = translated(request("{'type': 'file', 'file': {'file_id': 'file_01', 'filename': ' '}}"));
        assertThat(result.ignored()).containsExactly("filename");
    }
}
