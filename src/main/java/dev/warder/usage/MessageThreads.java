package dev.warder.usage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.json.BodyCosts;
import dev.warder.json.BodyCosts.BodyThread;

/**
 * The threads of messages that this node has seen: who may continue each of them, with which credential, and how long its
 * prompt is. The API keeps the conversation, so that the body of a request that continues it states nothing of its length;
 * a session's name is no key for it, since clients choose it. A thread that is not known here, because another node began
 * it or there are more than 20,000 and it is one of the oldest of the client that has most, costs its client no more than
 * sending the conversation again. Thread-safe.
 */
public final class MessageThreads {
    private static final int MOST = 20_000;

    /** By the id of the last response. */
    @GuardedBy("this")
    private final ClientTable<String, Kept> threads = new ClientTable<>(MOST);

    /**
     * The knowledge of a thread.
     *
     * @param keeper the name of the credential whose organization keeps it
     * @param tokens of its prompt and its last response
     * @param costs of the last request
     */
    private record Kept(String keeper, long tokens, BodyCosts costs) {}

    /** Adds to the costs of a body what is known of the thread that it continues, if that is one of this client. */
    public synchronized BodyCosts known(BodyCosts costs, String client) {
        return costs.thread()
                .flatMap(BodyThread::previousMessageId)
                .flatMap(message -> threads.find(client, message))
                .map(kept -> costs.after(kept.tokens(), kept.keeper(), kept.costs()))
                .orElse(costs);
    }

    /** The response to a request of a thread is whole, which may be continued now. */
    synchronized void add(String message, String client, String keeper, long tokens, BodyCosts costs) {
        threads.put(client, message, new Kept(keeper, tokens, costs));
    }
}
