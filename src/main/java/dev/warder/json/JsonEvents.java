package dev.warder.json;

/** Receives a document of JSON in its order, see {@link JsonTree#scan}. */
public interface JsonEvents {
    /**
     * An object or array has begun.
     *
     * @param object whether it is an object
     */
    void begins(boolean object);

    /** The object or array that began last, of those that have not ended, has ended. */
    void ends();

    /** A member's name; its value follows. */
    void key(String name);

    /** The content of a string, or a number as it is written. */
    void value(String text);
}
