package dev.warder.json;

/**
 * A {@code source} that is being read. Which of two members of the same name the upstream reads is not known,
 * so all have to agree that it is an image. One thread at a time.
 */
final class ImageSource {
    private boolean base64;
    private boolean otherType;
    private boolean imageMedia;
    private boolean otherMedia;
    private long dataBytes;

    void type(boolean isBase64) {
        base64 |= isBase64;
        otherType |= !isBase64;
    }

    void mediaType(boolean isImage) {
        imageMedia |= isImage;
        otherMedia |= !isImage;
    }

    void data(long bytes) {
        dataBytes += bytes;
    }

    /** Whether its data is that of an image. */
    boolean isImage() {
        return base64 && !otherType && imageMedia && !otherMedia;
    }

    /** Whether its data may have more text than it has bytes. */
    boolean isPacked() {
        return base64;
    }

    long dataBytes() {
        return dataBytes;
    }
}
