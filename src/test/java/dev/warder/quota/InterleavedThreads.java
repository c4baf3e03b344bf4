package dev.warder.quota;

import dev.warder.ledger.lease.LeaseRequest;
import dev.warder.ledger.lease.LeaseState;
import dev.warder.ledger.lease.Opening;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The threads of an {@link InterleavedNode} that are not requests. */
final class InterleavedThreads {
    private static final Duration WAIT = Duration.ofSeconds(60);

    private InterleavedThreads() {}

    /** The thread that compares the accounts with the database. */
    static final class Keeper implements InterleavedNode.Actor {
        private final InterleavedNode node;
        private final Accounts accounts;
        private int left;
        private final boolean slow;
        private List<LeaseRequest> asked = List.of();
        private UUID askedBy = new UUID(0, 0);
        private Optional<Runnable> news = Optional.empty();
        private boolean begun;

        /** @param slow whether others may do something between the work of the database and its response */
        Keeper(InterleavedNode node, int reservations, boolean slow) {
            this.node = node;
            this.accounts = node.accounts();
            this.left = reservations;
            this.slow = slow;
        }

        @Override
        public boolean isAble() {
            return left > 0;
        }

        @Override
        public void step() {
            if (!begun) {
                ask();
                begun = true;
                return;
            }
            if (news.isEmpty()) {
                news = Optional.of(reserve());
                if (slow) {
                    return;
                }
            }
            news.get().run();
            news = Optional.empty();
            begun = false;
            left--;
        }

        private void ask() {
            askedBy = accounts.run();
            var before = accounts.views();
            asked = accounts.leaseRequests(2, true);
            for (var each : asked) {
                var view = before.stream()
                        .filter(account -> account.terms().key().equals(each.key()))
                        .findFirst()
                        .orElseThrow();
                node.require(each.least() >= view.charged() + view.held(), "what is lacking is negative");
            }
        }

        private Runnable reserve() {
            int fault = node.fault();
            if (fault == 1) {
                return accounts::away;
            }
            var states = node.database().reserve(askedBy, asked);
            if (fault == 2) {
                return accounts::away;
            }
            return states.<Runnable>map(confirmed -> () -> accounts.reserved(askedBy, confirmed))
                    .orElse(() -> node.begin());
        }
    }

    /** The thread that asks for a budget that is new. */
    static final class Opener implements InterleavedNode.Actor {
        private final InterleavedNode node;
        private final Accounts accounts;
        private int rounds;
        private Deque<ChargedBudget> left = new ArrayDeque<>();
        private UUID askedBy = new UUID(0, 0);
        private Optional<LeaseRequest> asked = Optional.empty();
        private Optional<List<LeaseState>> states = Optional.empty();

        Opener(InterleavedNode node, int rounds) {
            this.node = node;
            this.accounts = node.accounts();
            this.rounds = rounds;
        }

        @Override
        public boolean isAble() {
            return rounds > 0 || !left.isEmpty() || asked.isPresent();
        }

        @Override
        public void step() {
            if (left.isEmpty() && asked.isEmpty()) {
                rounds--;
                var unopened = accounts.unopened();
                askedBy = unopened.run();
                left = new ArrayDeque<>(unopened.budgets());
            } else if (asked.isEmpty()) {
                asked = accounts.newRequest(left.remove().key(), Opening.NONE);
            } else if (states.isEmpty()) {
                int fault = node.fault();
                states = fault == 1 ? Optional.empty() : node.database().reserve(askedBy, List.of(asked.get()));
                states = fault == 2 ? Optional.empty() : states;
                asked = states.isEmpty() ? Optional.empty() : asked;
            } else {
                accounts.reserved(askedBy, states.get());
                asked = Optional.empty();
                states = Optional.empty();
            }
        }
    }

    /** The thread that admits those that wait. It completes their decisions later, and without a lock. */
    static final class Server implements InterleavedNode.Actor {
        private final InterleavedNode node;
        private final Deque<Runnable> decisions = new ArrayDeque<>();
        private int left;

        Server(InterleavedNode node, int rounds) {
            this.node = node;
            this.left = rounds;
        }

        @Override
        public boolean isAble() {
            return left > 0 || !decisions.isEmpty();
        }

        @Override
        public void step() {
            if (!decisions.isEmpty()) {
                decisions.remove().run();
                return;
            }
            left--;
            node.accounts().serve(WAIT).forEach((waiter, decision) -> {
                node.decided(waiter, decision);
                decisions.add(() -> node.require(waiter.decision.complete(decision), "a request was decided twice"));
            });
        }
    }
}
