package dev.warder.body;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies that each hold a part of the memory never wait for each other without end. A model without a clock. */
class MemoryBudgetLivenessTest {
    private static final long KIB = 1024;
    private static final int RUNS = 400;
    private static final int BODIES = 60;

    @Test
    void everyBodyComesToItsEndWhateverTheOrder() {
        for (int run = 0; run < RUNS; run++) {
            long seed = run * 7919L + 13;
            new Model(seed, false).run();
        }
    }

    @Test
    void everyBodyComesToItsEndThoughEachClientHasAShareOnly() {
        for (int run = 0; run < RUNS; run++) {
            long seed = run * 104_729L + 7;
            new Model(seed, true).run();
        }
    }

    private static final class Model {
        private final long seed;
        private final Random random;
        private final long total;
        private final boolean shares;
        private final MemoryBudget budget;
        private final List<Body> bodies = new ArrayList<>();
        private long largestBound;

        Model(long seed, boolean shares) {
            this.seed = seed;
            this.random = new Random(seed);
            this.total = (1 + random.nextInt(16)) * 1024L * KIB;
            this.shares = shares;
            this.budget = new MemoryBudget(total);
        }

        void run() {
            for (int i = 0; i < BODIES; i++) {
                bodies.add(new Body());
            }
            while (!bodies.isEmpty()) {
                var movable = bodies.stream().filter(Body::canMove).toList();
                assertThat(movable).as("seed %d: all wait for each other", seed).isNotEmpty();
                movable.get(random.nextInt(movable.size())).move();
                assertThat(budget.used())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(total + Math.min(total, largestBound) + MemoryAdmission.SMALL);
            }
            assertThat(budget.used()).as("seed %d", seed).isZero();
            assertThat(budget.waiting()).as("seed %d", seed).isZero();
        }

        private final class Body {
            final String client = "client-" + random.nextInt(5);
            final long share = shares ? total / 2 : Long.MAX_VALUE;
            final long bound = random.nextInt(3) == 0
                    ? 1 + random.nextInt((int) MemoryAdmission.SMALL)
                    : 1 + (long) (random.nextDouble() * 2 * total);
            final MemoryBudget.Claim claim = budget.claim(new MemoryShare(client, share), bound);
            private long holds;
            private boolean waits;

            Body() {
                largestBound = Math.max(largestBound, bound);
            }

            boolean canMove() {
                return !waits;
            }

            void move() {
                if (holds == bound || random.nextInt(50) == 0) {
                    bodies.remove(this);
                    claim.release();
                } else if (random.nextInt(20) == 0 && holds > 1) {
                    holds = Math.max(1, holds / 2);
                    claim.keep(holds);
                } else {
                    long next = Math.min(bound, holds + 1 + random.nextInt((int) total / 4));
                    waits = true;
                    if (claim.grow(next, () -> granted(next))) {
                        granted(next);
                    }
                }
            }

            private void granted(long next) {
                waits = false;
                holds = next;
            }
        }
    }
}
