package dev.warder.exchange.up;

/** How far a request body has come on its way up; called on the reactor's threads. */
interface RequestProgress {
    /** The body is sent again from its beginning: earlier reports do not hold any longer. */
    void begunAgain();

    /** There is something to take again, after the upstream had taken all; called on the thread that read it, before. */
    void due();

    /** The upstream took this many bytes. */
    void sent(int bytes);

    void sentAll();

    /** No further part of the body will be requested. May come before {@link #sentAll} and more than once. */
    void released();
}
