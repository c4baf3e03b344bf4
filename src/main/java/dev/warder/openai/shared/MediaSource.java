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
 * Where an image or a document comes from: base64, a URL or the id of a file that was uploaded to the API. The {@link
 * FileFormat} of base64 counts, not the type that the client states. Immutable.
 *
 * @param isImage whether it is an image; it is a document otherwise
 * @param json the source in the Messages API
 */
public record MediaSource(boolean isImage, JsonObject json) {
    private static final String BASE64 = "base64";
    private static final String TEXT = "text";
    private static final String IMAGE = "must be an image (JPEG, PNG, GIF, WebP) or a PDF, in valid base64";
    private static final String FILE =
            "must be an image (JPEG, PNG, GIF, WebP), a PDF or text in UTF-8, in valid base64";
    private static final String NO_DATA = "must be a data URI with base64 content.";
    private static final Set<String> IMAGE_ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "webp");
    private static final String FILE_ID_PREFIX = "file_";
    private static final Pattern WHITE_SPACE = Pattern.compile("[\r\n\t ]+");
    private static final Pattern HTTP = Pattern.compile("(?i)https?://");
    /** The head of a data URI with base64 content (RFC 2397), whatever its media type is. */
    private static final Pattern DATA_HEAD = Pattern.compile("(?i)data:([^,]*;)? *base64 *,");

    private static final int LONGEST_HEAD = 256;

    /**
     * The image that a data URI, an http(s) URL or bare base64 refers to, or a document; a refusal names {@code member}, which
     * holds it.
     */
    public static MediaSource url(Members owner, String member, String url) throws RefusedException {
        boolean isPdf =
                HTTP.matcher(url).lookingAt() && ending(url.split("[?#]", 2)[0]).equals("pdf");
        return url(owner, member, url, isPdf ? FILE : IMAGE);
    }

    /** Base64 of a file: a data URI, or the bare content of an image or a PDF. */
    public static MediaSource file(Members owner, String member, String data) throws RefusedException {
        return isData(data) ? data(owner, member, data, FILE) : bare(owner, member, data, NO_DATA);
    }

    public static MediaSource documentUrl(Members owner, String member, String url) throws RefusedException {
        return url(owner, member, url, FILE);
    }

    /** @param accepted {@link #IMAGE} if an http(s) URL is that of an image, else {@link #FILE} */
    private static MediaSource url(Members owner, String member, String url, String accepted) throws RefusedException {
        if (HTTP.matcher(url).lookingAt()) {
            return new MediaSource(accepted.equals(IMAGE), source("url", "url", url));
        }
        return isData(url)
                ? data(owner, member, url, accepted)
                : bare(owner, member, url, "must be a base64 data URI or an http(s) URL.");
    }

    /**
     * The source of a block in the form of the Messages API.
     *
     * @param isImage whether it is the block of an image
     */
    static MediaSource ofBlock(Members source, boolean isImage) throws RefusedException {
        String accepted = isImage ? IMAGE : FILE;
        return switch (source.needText("type")) {
            case BASE64 -> {
                source.value("media_type");
                yield base64(source, "data", source.needText("data"), accepted);
            }
            case "url" -> url(source, "url", source.needText("url"), accepted);
            case "file" ->
                new MediaSource(
                        isImage,
                        id(source, "file_id", source.needText("file_id"), "").json());
            case TEXT -> {
                source.refuseIf(isImage, "type", "must be base64, url or file.");
                source.value("media_type");
                source.refuseIf(source.needText("data").isBlank(), "data", "must not be blank.");
                yield data(false, TEXT, "text/plain", source.needText("data"));
            }
            default -> throw source.refused("type", "must be base64, url, file or text.");
        };
    }

    /** A file that was uploaded to the Messages API: an image if {@code name} ends as one does. */
    public static MediaSource id(Members owner, String member, String id, String name) throws RefusedException {
        owner.refuseIf(
                !id.startsWith(FILE_ID_PREFIX),
                member,
                "must be the id of a file uploaded to the Anthropic API (file_…).");
        return new MediaSource(IMAGE_ENDINGS.contains(ending(name)), source("file", "file_id", id));
    }

    private static MediaSource data(Members owner, String member, String text, String accepted)
            throws RefusedException {
        var head = DATA_HEAD.matcher(text).region(0, Math.min(text.length(), LONGEST_HEAD));
        owner.refuseIf(!head.lookingAt() || head.end() == text.length(), member, NO_DATA);
        return base64(owner, member, text.substring(head.end()), accepted);
    }

    /** @param accepted one of {@link #IMAGE} and {@link #FILE} */
    private static MediaSource base64(Members owner, String member, String text, String accepted)
            throws RefusedException {
        String content = withoutWhiteSpace(text);
        var format = FileFormat.of(content).orElseThrow(() -> owner.refused(member, accepted + "."));
        if (!format.mediaType.isEmpty()) {
            return of(format, content);
        }
        owner.refuseIf(
                !format.mayBeText() || accepted.equals(IMAGE), member, accepted + "; it is " + format.words + ".");
        return data(false, TEXT, "text/plain", decoded(owner, member, content));
    }

    /**
     * Base64 without a data URI, of a format that the API accepts as it is.
     *
     * @param refusal of what has no known format
     */
    private static MediaSource bare(Members owner, String member, String text, String refusal) throws RefusedException {
        String content = withoutWhiteSpace(text);
        var format = FileFormat.of(content)
                .filter(known -> !known.mayBeText())
                .orElseThrow(() -> owner.refused(member, refusal));
        owner.refuseIf(format.mediaType.isEmpty(), member, FILE + "; it is " + format.words + ".");
        return of(format, content);
    }

    private static MediaSource of(FileFormat format, String content) {
        return data(format.isImage(), BASE64, format.mediaType, content);
    }

    private static String withoutWhiteSpace(String base64) {
        // A regular expression is much slower, and most images have no white space.
        boolean found = "\r\n\t ".chars().anyMatch(each -> base64.indexOf(each) >= 0);
        return found ? WHITE_SPACE.matcher(base64).replaceAll("") : base64;
    }

    private static boolean isData(String text) {
        return text.regionMatches(true, 0, "data:", 0, 5);
    }

    /**
     * The decoded text. Content that is not base64 or no text in UTF-8 is refused, because it would be lost; blank text is
     * refused, because the API accepts none.
     */
    private static String decoded(Members owner, String member, String content) throws RefusedException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(content)))
                    .toString();
            owner.refuseIf(text.isBlank(), member, "must not be blank.");
            owner.refuseIf(text.indexOf('\0') >= 0, member, FILE + ".");
            return text;
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw owner.refused(member, FILE + ".");
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
