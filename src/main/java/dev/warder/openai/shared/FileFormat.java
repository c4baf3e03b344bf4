package dev.warder.openai.shared;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The format of a file, known by its first bytes: clients often send a wrong type, or none. The first format that matches
 * counts. Thread-safe.
 */
enum FileFormat {
    JPEG("a JPEG image", "image/jpeg", "\\xff\\xd8\\xff"),
    PNG("a PNG image", "image/png", "\\x89PNG\\r\\n\\x1a\\n"),
    GIF("a GIF image", "image/gif", "GIF8[79]a"),
    WEBP("a WebP image", "image/webp", "RIFF.{4}WEBP"),
    PDF("a PDF", "application/pdf", "(\\xef\\xbb\\xbf)?\\s*%PDF-"),
    BMP("a BMP image", "", "BM.{4}\\x00{4}"),
    TIFF("a TIFF image", "", "II[*+]\\x00|MM\\x00[*+]"),
    AVIF("an AVIF image", "", ".{4}ftypavi[fs]"),
    HEIC("a HEIC image", "", ".{4}ftyp(he[iv][cmsx]|mif1|msf1)"),
    JPEG_XL("a JPEG XL image", "", "\\xff\\x0a|\\x00{3}\\x0cJXL "),
    VIDEO("a video", "", ".{4}ftyp|RIFF.{4}AVI |\\x1aE\\xdf\\xa3|\\x00\\x00\\x01\\xba"),
    AUDIO("audio", "", "RIFF.{4}WAVE|ID3[\\x02-\\x04]|\\xff[\\xf2\\xf3\\xfb]|OggS\\x00|fLaC\\x00"),
    ZIP("a ZIP archive, such as a document of Office", "", "PK\\x03\\x04"),
    OFFICE("a document of Office in its old format", "", "\\xd0\\xcf\\x11\\xe0"),
    SVG("an SVG image", "", "(\\xef\\xbb\\xbf)?\\s*<(svg\\b|[?!].*<svg\\b)"),
    TEXT("text", "", "[^\\x00-\\x08\\x0e-\\x1a\\x1c-\\x1f]*\\z"),
    UNKNOWN("of an unknown format", "", "");

    /** Characters of base64 that are looked at: four make three bytes. */
    private static final int HEAD = 1024;

    /** The words that follow "it is". */
    final String words;

    /** The type in the Messages API, which accepts this format as it is; empty for other formats. */
    final String mediaType;

    private final Pattern begin;

    /** @param begin matches the first bytes, read as ISO 8859-1 */
    FileFormat(String words, String mediaType, String begin) {
        this.words = words;
        this.mediaType = mediaType;
        this.begin = Pattern.compile(begin, Pattern.DOTALL);
    }

    boolean isImage() {
        return mediaType.startsWith("image/");
    }

    boolean mayBeText() {
        return this == SVG || this == TEXT || this == UNKNOWN;
    }

    /** The format of a file; empty if the beginning of the text is not base64. */
    static Optional<FileFormat> of(String base64) {
        try {
            byte[] decoded = Base64.getDecoder().decode(base64.substring(0, Math.min(base64.length(), HEAD)));
            String bytes = new String(decoded, StandardCharsets.ISO_8859_1);
            for (var format : values()) {
                if (format.begin.matcher(bytes).lookingAt()) {
                    return Optional.of(format);
                }
            }
            return Optional.of(UNKNOWN);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
