package dev.warder.proxy;

/** Takes the body of the upstream's answer. One thread at a time but for {@link #close}. */
interface AnswerSink {
    /**
     * The next bytes.
     *
     * @param bytes handed over; may be empty
     * @param read how many bytes of the upstream they stand for
     */
    void piece(byte[] bytes, int read);

    /** That was all. */
    void end();

    /** Lets go of everything; on any thread, more than once perhaps. */
    void close();
}
