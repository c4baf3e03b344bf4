package dev.warder.testkit;

import java.util.List;

/**
 * Bytes for one connection that hold requests and, inside a body or behind a broken request, text that only a wrong reader
 * takes for another request.
 *
 * @param name the family it belongs to
 * @param text the bytes, each character one of them
 * @param cuts where the bytes are cut into packets, ascending
 * @param nonces what the requests proper ask for, in their order, as the last segment of their path
 */
public record RawStream(String name, String text, List<Integer> cuts, List<String> nonces) {
    /** The segment that no upstream may ever see. */
    public static final String HIDDEN = "hidden";

    /** Copies the lists. */
    public RawStream {
        cuts = List.copyOf(cuts);
        nonces = List.copyOf(nonces);
    }
}
