package dev.warder.stream;

/** Changes the content of one response, piece by piece. The arrays that it returns belong to the caller. One thread at a time. */
public interface ContentEdit {
    /**
     * The next bytes to send: those of {@code piece}, changed or not, or fewer of them while a change is undecided.
     *
     * @param piece handed over; may be the array that is returned
     */
    byte[] feed(byte[] piece);

    /** The rest of the bytes, after the upstream has ended its response. */
    byte[] end();
}
