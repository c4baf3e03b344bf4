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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Images and files in messages (rule "Translated requests"). */
class ChatMediaTest {
    @EachRow({
        "data:image/png;base64,iVBORw0KGgoA | {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}",
        "data:image/jpeg;base64,/9j/4AAQ | {'type': 'base64', 'media_type': 'image/jpeg', 'data': '/9j/4AAQ'}",
        "DATA:image/JPG;charset=x;base64,/9j/4AAQ | {'type': 'base64', 'media_type': 'image/jpeg', 'data': '/9j/4AAQ'}",
        "data:image/webp;base64,UklGRgEAAABXRUJQAAAA | {'type': 'base64', 'media_type': 'image/webp', 'data':"
                + " 'UklGRgEAAABXRUJQAAAA'}",
        "data:image/gif;base64,R0lGODlh | {'type': 'base64', 'media_type': 'image/gif', 'data': 'R0lGODlh'}",
        "https://a.example/b.png?c | {'type': 'url', 'url': 'https://a.example/b.png?c'}",
        "HTTP://a.example/ | {'type': 'url', 'url': 'HTTP://a.example/'}",
    })
    void t24TakesImages(String url, String source) {
        assertJson(
                block("{'type': 'image_url', 'image_url': {'url': '" + url + "'}}"),
                "{'type': 'image', 'source': " + source + "}");
    }

    /** Clients send screenshots of one format under the type of another, or under none. */
    @EachRow({
        "data:image/png;base64,/9j/4AAQ | image/jpeg",
        "data:image/jpg;base64,iVBORw0KGgoA | image/png",
        "data:application/octet-stream;base64,R0lGODlh | image/gif",
        "data:;base64,UklGRgEAAABXRUJQAAAA | image/webp",
        "data:base64,iVBORw0KGgoA | image/png",
        "data:text/plain;charset=utf-8;name=a.png;BASE64,iVBORw0KGgoA | image/png",
        "Data:Image/PNG; charset=binary; base64 ,iVBORw0KGgoA | image/png",
        "data:image/heic;base64,/9j/\\r\\n4A\\nAQ\\n | image/jpeg",
        "data:image/heic;base64, /9j/\\t4AAQ | image/jpeg",
        "iVBORw0KGgoA | image/png",
        "/9j/\\n4AAQ | image/jpeg",
    })
    void t24KnowsAnImageByItsFirstBytes(String url, String type) {
        String data = url.substring(url.indexOf(',') + 1).replaceAll("\\\\[rnt]| ", "");
        String sent =
                "{'type': 'image', 'source': {'type': 'base64', 'media_type': '" + type + "', 'data': '" + data + "'}}";
        assertJson(block("{'type': 'image_url', 'image_url': {'url': '" + url + "'}}"), sent);
        assertJson(block("{'type': 'input_image', 'image_url': '" + url + "'}"), sent);
        assertJson(block("{'type': 'file', 'file': {'file_data': '" + url + "'}}"), sent);
        String block = "{'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/x', 'data': '"
                + url.substring(url.indexOf(',') + 1) + "'}}";
        assertJson(block(block), sent);
        assertJson(block(block.replace("'image', 'source'", "'document', 'source'")), sent);
    }

    @EachRow({
        "Qk0QAAAAAAAAAA== | a BMP image",
        "SUkqAAgAAAA= | a TIFF image",
        "AAAAGGZ0eXBoZWlj | a HEIC image",
        "AAAAHGZ0eXBhdmlm | an AVIF image",
        "PD94bWwgdmVyc2lvbj0iMS4wIj8+PHN2Zy8+ | an SVG image",
        "/wr6 | a JPEG XL image",
        "AAAAGGZ0eXBtcDQy | a video",
        "UklGRgEAAABXQVZFAA== | audio",
        "SUQzBAAA | audio",
        "UEsDBBQA | a ZIP archive",
        "0M8R4KGx | a document of Office",
        "SGVsbG8= | text",
        "AAECAw== | of an unknown format"
    })
    void t24SaysWhatIsNoImage(String data, String format) {
        for (String part : List.of(
                "{'type': 'image_url', 'image_url': {'url': 'data:image/png;base64,%s'}}",
                "{'type': 'input_image', 'image_url': 'data:image/png;base64,%s'}",
                "{'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': '%s'}}")) {
            var refusal = refusal(request(part.formatted(data)));
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.param().orElse("")).startsWith("messages[0].content[0].");
            assertThat(refusal.message()).contains("JPEG, PNG, GIF, WebP", "it is " + format);
        }
        if (!Set.of("an SVG image", "text", "of an unknown format").contains(format)) {
            assertThat(refusal(request("{'type': 'image_url', 'image_url': {'url': '" + data + "'}}"))
                            .message())
                    .contains("it is " + format);
        }
    }

    @EachRow({
        "{'type': 'image', 'source': {'type': 'url', 'url': 'https://a.example/b'}} | `` |"
                + " {'type': 'image', 'source': {'type': 'url', 'url': 'https://a.example/b'}}",
        "{'type': 'image', 'source': {'type': 'file', 'file_id': 'file_01'}, 'cache_control': {'type': 'ephemeral'}} | `` |"
                + " {'type': 'image', 'source': {'type': 'file', 'file_id': 'file_01'}, 'cache_control': {'type':"
                + " 'ephemeral'}}",
        "{'type': 'document', 'title': 't', 'context': 'c', 'citations': {'enabled': true}, 'source': {'type': 'base64',"
                + " 'media_type': 'application/octet-stream', 'data': 'JVBERi0x'}} | citations | {'type': 'document',"
                + " 'source': {'type': 'base64', 'media_type': 'application/pdf', 'data': 'JVBERi0x'}, 'title': 't',"
                + " 'context': 'c'}",
        "{'type': 'document', 'source': {'type': 'text', 'media_type': 'text/plain', 'data': 'a'}} | `` |"
                + " {'type': 'document', 'source': {'type': 'text', 'media_type': 'text/plain', 'data': 'a'}}",
        "{'type': 'document', 'source': {'type': 'base64', 'data': 'w6Q='}} | `` |"
                + " {'type': 'document', 'source': {'type': 'text', 'media_type': 'text/plain', 'data': 'ä'}}",
        "{'type': 'document', 'source': {'type': 'url', 'url': 'https://a.example/b'}} | `` |"
                + " {'type': 'document', 'source': {'type': 'url', 'url': 'https://a.example/b'}}",
        "{'type': 'document', 'source': {'type': 'url', 'url': 'data:;base64,iVBORw0KGgoA'}} | `` |"
                + " {'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}}",
        "{'type': 'input_file', 'file_url': 'iVBORw0KGgoA'} | `` |"
                + " {'type': 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}}",
        "{'type': 'document', 'source': {'type': 'file', 'file_id': 'file_01'}} | `` |"
                + " {'type': 'document', 'source': {'type': 'file', 'file_id': 'file_01'}}",
    })
    void takesImagesAndDocumentsInTheFormOfTheMessagesApi(String part, String ignored, String sent) {
        assertJson(block(part), sent);
        assertThat(String.join(",", translated(request(part)).ignored())).isEqualTo(ignored);
    }

    @EachRow({
        "{'type': 'image'} | source",
        "{'type': 'image', 'source': {'type': 'base64'}} | source.data",
        "{'type': 'image', 'source': {'type': 'text', 'data': 'a'}} | source.type",
        "{'type': 'image', 'source': {'type': 'url', 'url': 'ftp://a'}} | source.url",
        "{'type': 'image', 'source': {'type': 'file', 'file_id': 'x'}} | source.file_id",
        "{'type': 'document', 'source': {'type': 'content', 'content': 'a'}} | source.type",
        "{'type': 'document', 'source': {'type': 'text', 'data': ' '}} | source.data",
        "{'type': 'document', 'source': {'type': 'base64', 'data': 'AAAAGGZ0eXBoZWlj'}} | source.data",
    })
    void namesWhatIsWrongInTheFormOfTheMessagesApi(String part, String param) {
        assertThat(refusal(request(part)).param()).contains("messages[0].content[0]." + param);
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
        "{'type': 'image_url', 'image_url': {'url': 'data:application/pdf;base64,JVBERi0x'}} | {'type': 'document',"
                + " 'source': {'type': 'base64', 'media_type': 'application/pdf', 'data': 'JVBERi0x'}}",
        "{'type': 'image_url', 'image_url': {'url': 'https://a.example/b.PDF#p'}} | {'type': 'document', 'source':"
                + " {'type': 'url', 'url': 'https://a.example/b.PDF#p'}}",
        "{'type': 'file', 'file': {'file_data': 'data:image/png;base64,iVBORw0KGgoA', 'filename': 'b.png'}} | {'type':"
                + " 'image', 'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'iVBORw0KGgoA'}}",
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
        "{'type': 'file', 'file': {'file_data': 'data:video/mp4;base64,AAAAGGZ0eXBtcDQy'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,Q'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,5A=='}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,Q*UJD'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:text/plain;base64,IAo='}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:application/zip;base64,UEsDBBQA'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:application/octet-stream;base64,/wAB'}} | file.file_data",
        "{'type': 'file', 'file': {'file_data': 'data:image/x-new;base64,AAEC'}} | file.file_data",
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
