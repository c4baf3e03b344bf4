package dev.warder.upstream;

/** Exchanges that no client carries, for tests of what is above the client. */
public final class SentExchange {
    private SentExchange() {}

    /** One that was not taken up, so that {@code cancelled} runs when it is cancelled. */
    public static UpstreamExchange endedBy(Runnable cancelled) {
        return new UpstreamExchange(cancelled);
    }
}
