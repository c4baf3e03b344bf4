package dev.warder.quota.budget.simulation;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Random;

/** Agents that spend a budget until nothing is admitted any more, or for three hours. One thread at a time. */
final class Simulation {
    private static final Duration LONGEST = Duration.ofHours(3);

    /** Longer than any request waits for its admission. */
    private static final Duration QUIET = Duration.ofSeconds(100);

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration AGAIN = Duration.ofSeconds(7);
    private static final Duration FIRST_TOKEN = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final double MOST = 0.9;

    private final VirtualClock clock;
    private final SpendingRule rule;
    private final long cap;
    private long billed;
    private int open;
    private long lastOpen;
    private int answered;
    private int cut;
    private int refusals;
    private OptionalDouble secondsToMost = OptionalDouble.empty();

    private Simulation(VirtualClock clock, SpendingRule rule, long cap) {
        this.clock = clock;
        this.rule = rule;
        this.cap = cap;
    }

    /** Makes a rule for one run. */
    interface Rules {
        SpendingRule with(VirtualClock clock, long cap, int agents) throws Exception;
    }

    /** @param cap nano-dollars */
    static Outcome run(Rules rules, long cap, int agents, long seed) throws Exception {
        var clock = new VirtualClock();
        try (var rule = rules.with(clock, cap, agents)) {
            return new Simulation(clock, rule, cap).run(agents, seed);
        }
    }

    private Outcome run(int agents, long seed) {
        var seeds = new Random(seed);
        for (int i = 0; i < agents; i++) {
            var agent = new Agent(i, new Random(seeds.nextLong()));
            clock.after(Duration.ofMillis(agent.random.nextInt((int) PAUSE.toMillis())), agent::work);
        }
        clock.runUntil(() -> clock.now() >= LONGEST.toNanos() || open == 0 && clock.now() - lastOpen > QUIET.toNanos());
        return new Outcome(
                (double) rule.recorded() / cap, (double) billed / cap, answered, refusals, secondsToMost, cut);
    }

    /** Sends one request after the other, and a request that was refused or cut again. */
    private final class Agent implements SpendingRule.Answer {
        private final int number;
        private final Random random;
        private AgentRequest request = new AgentRequest(1, 1, 1);

        Agent(int number, Random random) {
            this.number = number;
            this.random = random;
        }

        void work() {
            request = AgentRequest.random(random);
            ask();
        }

        /** A model does not generate the same response again. */
        private void retry() {
            request = request.withOutputOf(AgentRequest.random(random));
            ask();
        }

        private void ask() {
            rule.ask(number, request, this);
        }

        @Override
        public void refused() {
            refusals += secondsToMost.isEmpty() ? 1 : 0;
            clock.after(AGAIN, this::ask);
        }

        @Override
        public void admitted(SpendingRule.Metered metered) {
            open++;
            new Stream(this, request, metered).send();
        }

        void answered(boolean whole) {
            open--;
            lastOpen = clock.now();
            answered += whole ? 1 : 0;
            cut += whole ? 0 : 1;
            clock.after(whole ? PAUSE : AGAIN, whole ? this::work : this::retry);
        }
    }

    /** A response that is generated. */
    private final class Stream {
        private final Agent agent;
        private final AgentRequest request;
        private final SpendingRule.Metered metered;
        private long began = Long.MAX_VALUE;
        private boolean ended;

        Stream(Agent agent, AgentRequest request, SpendingRule.Metered metered) {
            this.agent = agent;
            this.request = request;
            this.metered = metered;
        }

        void send() {
            clock.after(FIRST_TOKEN, this::begin);
            clock.after(LOOK, this::look);
        }

        private void begin() {
            if (ended) {
                return;
            }
            began = clock.now();
            long nanos = request.output() * 1_000_000_000 / AgentRequest.TOKENS_PER_SECOND;
            clock.after(Duration.ofNanos(nanos), this::complete);
            endIfCut(metered.begins());
        }

        private void look() {
            if (!ended) {
                endIfCut(metered.goesOn());
                clock.after(LOOK, this::look);
            }
        }

        private void endIfCut(boolean goesOn) {
            if (!goesOn) {
                end(generated(), false);
            }
        }

        private long generated() {
            long time = Math.max(0, clock.now() - began);
            return Math.min(request.output(), time * AgentRequest.TOKENS_PER_SECOND / 1_000_000_000);
        }

        private void complete() {
            if (!ended) {
                end(request.output(), true);
            }
        }

        private void end(long generated, boolean complete) {
            ended = true;
            billed += request.cost(generated);
            boolean whole = metered.ended(generated, complete);
            if (secondsToMost.isEmpty() && rule.recorded() >= MOST * cap) {
                secondsToMost = OptionalDouble.of(
                        clock.now() / (double) Duration.ofSeconds(1).toNanos());
            }
            agent.answered(complete && whole);
        }
    }
}
