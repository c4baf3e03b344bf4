package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
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

    /** The source that a data URI or an http(s) URL refers to; a refusal names {@code member}, which holds it. */
    public static MediaSource url(Members owner, String member, String url) throws RefusedException {
        if (DataUri.isDataUri(url)) {
            return data(owner, member, url);
        }
        String head = url.substring(0, Math.min(url.length(), 8)).toLowerCase(Locale.ROOT);
        owner.refuseIf(
                !head.startsWith("http://") && !head.startsWith("https://"),
                member,
                "must be a base64 data URI or an http(s) URL.");
        return new MediaSource(!ending(url.split("[?#]", 2)[0]).equals("pdf"), source("url", "url", url));
    }

    /** Base64 of a file: a data URI, or the bare content of a PDF. */
    public static MediaSource file(Members owner, String member, String data) throws RefusedException {
        return isPdf(data) ? data(false, BASE64, new DataUri(PDF, data)) : data(owner, member, data);
    }

    public static MediaSource documentUrl(Members owner, String member, String url) throws RefusedException {
        var found = url(owner, member, url);
        return DataUri.isDataUri(url) ? found : new MediaSource(false, found.json());
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
        var uri =
                DataUri.parse(text).orElseThrow(() -> owner.refused(member, "must be a data URI with base64 content."));
        String type = uri.mediaType().equals("image/jpg") ? "image/jpeg" : uri.mediaType();
        if (IMAGES.contains(type)) {
            return data(true, BASE64, new DataUri(type, uri.content()));
        }
        if (type.equals(PDF) || isPdf(uri.content())) {
            return data(false, BASE64, new DataUri(PDF, uri.content()));
        }
        owner.refuseIf(NO_TEXT.matcher(type).matches(), member, KINDS);
        return data(false, "text", new DataUri("text/plain", decoded(owner, member, uri)));
    }

    private static boolean isPdf(String base64) {
        return base64.startsWith("JVBERi0");
    }

    /**
     * The decoded text. Content that is not base64 or no text in UTF-8 is refused, because it would be lost; blank text is
     * refused, because the API accepts none.
     */
    private static String decoded(Members owner, String member, DataUri uri) throws RefusedException {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(LINE_BREAK.matcher(uri.content()).replaceAll(""));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            owner.refuseIf(text.isBlank(), member, "must not be blank.");
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw owner.refused(member, KINDS);
        }
        throw owner.refused(member, KINDS);
    }

    private static MediaSource data(boolean isImage, String type, DataUri data) {
        var source = JsonTree.typed(type).add("media_type", data.mediaType()).add("data", data.content());
        return new MediaSource(isImage, source.build());
    }

    private static JsonObject source(String type, String member, String value) {
        return JsonTree.typed(type).add(member, value).build();
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * A {@code data:} URI with base64 content (RFC 2397). Its content is cut out of the text once.
     *
     * @param mediaType in lower case, without parameters
     */
    private record DataUri(String mediaType, String content) {
        private static final String SCHEME = "data:";
        private static final String MARK = ";base64";
        private static final int LONGEST_HEAD = 256;

        static boolean isDataUri(String text) {
            return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        }

        static Optional<DataUri> parse(String text) {
            int comma = text.substring(0, Math.min(text.length(), LONGEST_HEAD)).indexOf(',');
            if (!isDataUri(text) || comma < 0 || comma == text.length() - 1) {
                return Optional.empty();
            }
            String head = text.substring(SCHEME.length(), comma).toLowerCase(Locale.ROOT);
            if (!head.endsWith(MARK)) {
                return Optional.empty();
            }
            String type = head.substring(0, head.length() - MARK.length())
                    .split(";", 2)[0]
                    .strip();
            return Optional.of(new DataUri(type, text.substring(comma + 1)));
        }
    }
}
