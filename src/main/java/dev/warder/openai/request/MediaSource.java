package dev.warder.openai;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An image or a document of the Messages API, from a data URI, a URL or the id of a file there.
 *
 * @param block {@code image} or {@code document}
 * @param source its {@code source}
 */
record MediaSource(String block, JsonObject source) {
    private static final String IMAGE = "image";
    private static final String DOCUMENT = "document";
    private static final String PDF = "application/pdf";
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
    private static final Set<String> IMAGE_ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "webp");
    private static final String FILE_ID = "file_";
    private static final Pattern LINE_BREAK = Pattern.compile("[\r\n]+");

    boolean isImage() {
        return block.equals(IMAGE);
    }

    /** The source that a data URI or an http(s) URL refers to; {@code member} holds it. */
    static MediaSource url(Members owner, String member, String url) throws RefusedException {
        if (DataUri.isDataUri(url)) {
            return data(owner, member, url);
        }
        String head = url.substring(0, Math.min(url.length(), 8)).toLowerCase(Locale.ROOT);
        if (!head.startsWith("http://") && !head.startsWith("https://")) {
            throw owner.refused(member, "must be a base64 data URI or an http(s) URL.");
        }
        String path = url.split("[?#]", 2)[0];
        return of(
                ending(path).equals("pdf") ? DOCUMENT : IMAGE,
                JsonTree.typed("url").add("url", url));
    }

    /** Base64 of a file: a data URI, or the bare content of a PDF. */
    static MediaSource file(Members owner, String member, String data) throws RefusedException {
        return data.startsWith("JVBERi0") ? base64(DOCUMENT, new DataUri(PDF, data)) : data(owner, member, data);
    }

    /** A document that a URL refers to. */
    static MediaSource documentUrl(Members owner, String member, String url) throws RefusedException {
        var found = url(owner, member, url);
        return DataUri.isDataUri(url) ? found : new MediaSource(DOCUMENT, found.source());
    }

    /** A file that was uploaded to the Messages API: an image if {@code name} ends as one does. */
    static MediaSource id(Members owner, String member, String id, String name) throws RefusedException {
        if (!id.startsWith(FILE_ID)) {
            throw owner.refused(member, "must be the id of a file uploaded to the Anthropic API (file_…).");
        }
        return of(
                IMAGE_ENDINGS.contains(ending(name)) ? IMAGE : DOCUMENT,
                JsonTree.typed("file").add("file_id", id));
    }

    private static MediaSource data(Members owner, String member, String text) throws RefusedException {
        var uri =
                DataUri.parse(text).orElseThrow(() -> owner.refused(member, "must be a data URI with base64 content."));
        String type = uri.mediaType().equals("image/jpg") ? "image/jpeg" : uri.mediaType();
        if (IMAGES.contains(type)) {
            return base64(IMAGE, new DataUri(type, uri.base64()));
        }
        if (type.equals(PDF)) {
            return base64(DOCUMENT, uri);
        }
        if (type.equals("text/plain")) {
            return of(
                    DOCUMENT, JsonTree.typed("text").add("media_type", type).add("data", decoded(owner, member, uri)));
        }
        throw owner.refused(member, "must be an image (JPEG, PNG, GIF, WebP), a PDF or plain text.");
    }

    /**
     * The decoded text. Content that is not base64 or not UTF-8 is refused, because it would be lost; blank text is
     * refused, because the API accepts none.
     */
    private static String decoded(Members owner, String member, DataUri uri) throws RefusedException {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(LINE_BREAK.matcher(uri.base64()).replaceAll(""));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (!text.isBlank()) {
                return text;
            }
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            throw owner.refused(member, "must be valid base64 of text in UTF-8.");
        }
        throw owner.refused(member, "must not be blank.");
    }

    private static MediaSource base64(String block, DataUri uri) {
        return of(
                block,
                JsonTree.typed("base64").add("media_type", uri.mediaType()).add("data", uri.base64()));
    }

    private static MediaSource of(String block, JsonObjectBuilder source) {
        return new MediaSource(block, source.build());
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
