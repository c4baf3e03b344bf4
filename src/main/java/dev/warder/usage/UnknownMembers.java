package dev.warder.usage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.json.BodyCosts;
import dev.warder.json.BodyCosts.OtherModels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members and types of requests that Warder does not know. Each may stand for a prompt of any length, so that a request
 * with one holds the longest prompt, until 20 responses to such requests of the client had no more tokens than their bytes
 * show. After one that had more, the client's requests hold it as long as the node runs. Each node learns for itself, and
 * only from what the API has accepted. Thread-safe.
 */
public final class UnknownMembers {
    /** The rule whether requests with a member hold the longest prompt. */
    public enum Hold {
        NONE,
        LONGEST
    }

    private static final Logger LOG = LoggerFactory.getLogger(UnknownMembers.class);

    private static final int ENOUGH = 20;
    private static final int EXCEEDED = -1;

    private static final int MOST = 10_000;

    /** Each of the two warnings names this many members of a client at most: names are the client's choice. */
    private static final int MOST_LOGGED = 20;

    /** Tokens: the API adds some for tools, and Warder the prompt text. */
    private static final long ADDED = 8000;

    private static final Pattern PRINTABLE = Pattern.compile("[A-Za-z0-9_.=-]+");

    public static final UnknownMembers UNLIMITED = new UnknownMembers(Map.of(), false);

    private final Map<String, Hold> decided;
    private final boolean limits;

    @GuardedBy("this")
    private final ClientTable<String, Integer> counts = new ClientTable<>(MOST);

    @GuardedBy("this")
    private final ClientTable<String, Integer> exceeded = new ClientTable<>(MOST);

    @GuardedBy("this")
    private final Set<String> logged = new HashSet<>();

    public UnknownMembers(Map<String, Hold> decided) {
        this(decided, true);
    }

    private UnknownMembers(Map<String, Hold> decided, boolean limits) {
        this.decided = Map.copyOf(decided);
        this.limits = limits;
    }

    public BodyCosts known(BodyCosts costs, String client) {
        return limits && !costs.unknown().stream().allMatch(name -> isTrusted(client, name))
                ? costs.withAnyPrompt()
                : costs;
    }

    private boolean isTrusted(String client, String name) {
        var says = decided.get(name);
        if (says != null) {
            return says == Hold.NONE;
        }
        synchronized (this) {
            return !name.isEmpty() && counts.find(client, name).orElse(0) >= ENOUGH;
        }
    }

    /**
     * The upstream has counted a prompt.
     *
     * @param bytes the length of the request's body
     */
    void counted(String client, BodyCosts costs, long bytes, long prompt) {
        if (isBounded(costs) && prompt > usual(costs, bytes)) {
            learn(client, costs.unknown(), count -> EXCEEDED);
        }
    }

    void whole(String client, BodyCosts costs, long bytes, long prompt) {
        if (isBounded(costs) && prompt > 0 && prompt <= usual(costs, bytes)) {
            learn(client, costs.unknown(), count -> count == EXCEEDED ? EXCEEDED : Math.min(ENOUGH, count + 1));
        }
    }

    /** Whether nothing but the unknown names may have made the prompt longer than its bytes. */
    private boolean isBounded(BodyCosts costs) {
        boolean counts = limits && !costs.unknown().isEmpty();
        boolean alone = counts && costs.thread().isEmpty() && costs.others().equals(OtherModels.NONE);
        return alone
                && !costs.prompt().withKept(0).isUnbounded()
                && !costs.prompt().hasFile();
    }

    private static long usual(BodyCosts costs, long bytes) {
        return UsageBounds.prompt(costs.prompt().withKept(0), bytes, 1, Long.MAX_VALUE) + ADDED;
    }

    private synchronized void learn(String client, List<String> names, UnaryOperator<Integer> next) {
        for (var name : names) {
            if (decided.containsKey(name)) {
                continue;
            }
            int before = counts.find(client, name).orElse(0);
            int after = next.apply(before);
            int known = counts.put(client, name, after);
            if (after == EXCEEDED && before != EXCEEDED) {
                if (exceeded.put(client, name, after) <= MOST_LOGGED) {
                    LOG.warn("{} made the prompt of a request longer than its bytes show", printable(name));
                }
            } else if (known <= MOST_LOGGED && logged.add(name)) {
                LOG.warn(
                        "Warder does not know {} in a request: until {} responses to a client stayed within the usual bound,"
                                + " such a request holds the longest prompt (budget.members decides otherwise)",
                        printable(name),
                        ENOUGH);
            }
        }
    }

    private static String printable(String name) {
        return PRINTABLE.matcher(name).matches() ? "\"" + name + "\"" : "a member";
    }
}
