package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where an image or a document comes from: a data URI, a URL or the id of a file that was uploaded to the API. Immutable.
 *
 * @param isImage whether it is an image; it is a document otherwise
 * @param json the source in the Messages API
 */
public record MediaSource(boolean isImage, JsonObject json) {
    private static final String BASE64 = "base64";
    private static final String PDF = "application/pdf";
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    /**
     * Types whose content is never text; SVG is, and the type of MPEG streams is guessed for TypeScript by its ending. The
     * types of text are too many to list: text is what can be read as text.
     */
    private static final Pattern NO_TEXT = Pattern.compile("(?!image/svg\\+xml|video/mp2t)(image|audio|video|font)/.*");

    private static final String KINDS =
            "must be an image (JPEG, PNG, GIF, WebP), a PDF or text in UTF-8, in valid base64.";
    private static final Set<String> IMAGE_ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "webp");
    private static final String FILE_ID_PREFIX = "file_";
    private static final Pattern LINE_BREAK = Pattern.compile("[\r\n]+");
    private static final Pattern HTTP = Pattern.compile("(?i)https?://");
    /** The head of a data URI with base64 content, and its media type (RFC 2397). */
    private static final Pattern DATA_HEAD = Pattern.compile("(?i)data:([^;,]*)(?:;[^,]*)?;base64,");

    private static final int LONGEST_HEAD = 256;

    /** The source that a data URI or an http(s) URL refers to; a refusal names {@code member}, which holds it. */
    public static MediaSource url(Members owner, String member, String url) throws RefusedException {
        if (isData(url)) {
            return data(owner, member, url);
        }
        owner.refuseIf(!HTTP.matcher(url).lookingAt(), member, "must be a base64 data URI or an http(s) URL.");
        return new MediaSource(!ending(url.split("[?#]", 2)[0]).equals("pdf"), source("url", "url", url));
    }

    /** Base64 of a file: a data URI, or the bare content of a PDF. */
    public static MediaSource file(Members owner, String member, String data) throws RefusedException {
        return isPdf(data) ? data(false, BASE64, PDF, data) : data(owner, member, data);
    }

    public static MediaSource documentUrl(Members owner, String member, String url) throws RefusedException {
        var found = url(owner, member, url);
        return isData(url) ? found : new MediaSource(false, found.json());
    }

    /** A file that was uploaded to the Messages API: an image if {@code name} ends as one does. */
    public static MediaSource id(Members owner, String member, String id, String name) throws RefusedException {
        owner.refuseIf(
                !id.startsWith(FILE_ID_PREFIX),
                member,
                "must be the id of a file uploaded to the Anthropic API (file_…).");
        return new MediaSource(IMAGE_ENDINGS.contains(ending(name)), source("file", "file_id", id));
    }

    private static MediaSource data(Members owner, String member, String text) throws RefusedException {
        var head = DATA_HEAD.matcher(text).region(0, Math.min(text.length(), LONGEST_HEAD));
        owner.refuseIf(
                !head.lookingAt() || head.end() == text.length(), member, "must be a data URI with base64 content.");
        String content = text.substring(head.end());
        String stated = head.group(1).strip().toLowerCase(Locale.ROOT);
        String type = stated.equals("image/jpg") ? "image/jpeg" : stated;
        if (IMAGES.contains(type)) {
            return data(true, BASE64, type, content);
        }
        if (type.equals(PDF) || isPdf(content)) {
            return data(false, BASE64, PDF, content);
        }
        owner.refuseIf(NO_TEXT.matcher(type).matches(), member, KINDS);
        return data(false, "text", "text/plain", decoded(owner, member, content));
    }

    private static boolean isData(String text) {
        return text.regionMatches(true, 0, "data:", 0, 5);
    }

    private static boolean isPdf(String base64) {
        return base64.startsWith("JVBERi0");
    }

    /**
     * The decoded text. Content that is not base64 or no text in UTF-8 is refused, because it would be lost; blank text is
     * refused, because the API accepts none.
     */
    private static String decoded(Members owner, String member, String content) throws RefusedException {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(LINE_BREAK.matcher(content).replaceAll(""));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            owner.refuseIf(text.isBlank(), member, "must not be blank.");
            owner.refuseIf(text.indexOf('\0') >= 0, member, KINDS);
            return text;
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw owner.refused(member, KINDS);
        }
    }

    private static MediaSource data(boolean isImage, String type, String mediaType, String content) {
        var source = JsonTree.typed(type).add("media_type", mediaType).add("data", content);
        return new MediaSource(isImage, source.build());
    }

    private static JsonObject source(String type, String member, String value) {
        return JsonTree.typed(type).add(member, value).build();
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
