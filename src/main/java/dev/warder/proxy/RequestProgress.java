package dev.warder.proxy;

/** How far a request body has come on its way up; called on the reactor's threads. */
interface RequestProgress {
    /** The body is sent from its beginning once more: nothing of what was told before holds. */
    void begunAgain();

    /** The upstream took some bytes. */
    void sent();

    /** The upstream took the last byte: from now on it is its turn. */
    void sentAll();

    /** Nothing more of the body will be asked for. May come before {@link #sentAll} and more than once. */
    void released();
}
