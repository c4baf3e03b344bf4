package dev.warder.openai.shared;

/** Translates the JSON text of one tool's input to the client's form, piece by piece. One thread at a time. */
public interface InputText {
    /** The translation of a piece, as far as it is known. Half a surrogate pair is held until its other half arrives. */
    String feed(String piece);

    /** The translation that was held, after the last piece. */
    String end();

    /** Bytes that it keeps, about. */
    long kept();

    /** The translation of an input that arrived whole. */
    default String whole(String input) {
        return feed(input) + end();
    }
}
