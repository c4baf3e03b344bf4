package dev.warder.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fuzz target on its corpus, and on seeded mutations of it. */
class FuzzReplayTest {
    private static final int MUTATIONS = Integer.getInteger("warder.mutations", 1000);

    @ParameterizedTest
    @EnumSource
    void holdsOnTheCorpusAndItsMutations(FuzzTarget target) throws Exception {
        long seed = Long.getLong("warder.seed", 20261121);
        var corpus = target.corpus();
        assertThat(corpus).hasSizeGreaterThan(5);
        for (var input : corpus) {
            run(target, input, seed);
        }
        var mutation = new Mutation(new Random(seed), corpus);
        for (int i = 0; i < MUTATIONS; i++) {
            run(target, mutation.next(), seed);
        }
    }

    private static void run(FuzzTarget target, byte[] input, long seed) {
        try {
            target.run(input);
        } catch (Throwable wrong) {
            throw new AssertionError(
                    "-Dwarder.seed=" + seed + ", input " + HexFormat.of().formatHex(input), wrong);
        }
    }

    /** Small damages of inputs: bytes flipped, taken out, doubled, replaced by marks, and pieces of other inputs put in. */
    private static final class Mutation {
        private static final byte[] MARKS = "{}[],:\"\\/.%;#\r\n\t \0\u007f=*|&?'0123456789eE+-tfnu"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        private final Random random;
        private final List<byte[]> corpus;

        Mutation(Random random, List<byte[]> corpus) {
            this.random = random;
            this.corpus = corpus;
        }

        /** An input of the corpus with one to four damages. */
        byte[] next() {
            byte[] input = corpus.get(random.nextInt(corpus.size()));
            for (int i = random.nextInt(4); i >= 0; i--) {
                input = damaged(input);
            }
            return input;
        }

        private byte[] damaged(byte[] input) {
            int at = random.nextInt(input.length + 1);
            int end = Math.min(input.length, at + 1 + random.nextInt(8));
            return switch (random.nextInt(6)) {
                case 0 -> joined(input, at, new byte[0], end);
                case 1 -> joined(input, at, new byte[] {MARKS[random.nextInt(MARKS.length)]}, at);
                case 2 -> joined(input, at, new byte[] {(byte) random.nextInt(256)}, Math.min(input.length, at + 1));
                case 3 -> joined(input, at, slice(input, at, end), at);
                case 4 -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    int from = random.nextInt(other.length + 1);
                    yield joined(input, at, slice(other, from, other.length), input.length);
                }
                default -> joined(input, at, slice(input, at, end), end);
            };
        }

        private static byte[] slice(byte[] from, int start, int end) {
            return java.util.Arrays.copyOfRange(from, start, end);
        }

        private static byte[] joined(byte[] input, int at, byte[] middle, int rest) {
            byte[] all = new byte[at + middle.length + input.length - rest];
            System.arraycopy(input, 0, all, 0, at);
            System.arraycopy(middle, 0, all, at, middle.length);
            System.arraycopy(input, rest, all, at + middle.length, input.length - rest);
            return all;
        }
    }
}
