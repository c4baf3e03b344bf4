package dev.warder.openai.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputBufferTest {
    private static String add(OutputBuffer buffer, Random random) {
        String text = text(random);
        switch (random.nextInt(5)) {
            case 0 -> buffer.add(("<" + text + ">").getBytes(StandardCharsets.UTF_8), 1, text.length() + 1);
            case 1 -> buffer.add(new Pieces(text));
            case 2 -> {
                int number = random.nextInt(10) == 0 ? Integer.MAX_VALUE : random.nextInt(20);
                buffer.addNumber(number);
                return Integer.toString(number);
            }
            case 3 -> {
                for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
                    buffer.addByte(b);
                }
            }
            default -> {
                buffer.addByte('y');
                return "y";
            }
        }
        return text;
    }

    /** Some of these texts, or several of them, are longer than a spare array. */
    private static String text(Random random) {
        int times = random.nextInt(10) > 0 ? 1 : random.nextInt(4) > 0 ? 900 : 7000;
        return "abcdefghij".substring(random.nextInt(11)).repeat(times);
    }

    @Test
    void piecesThatAreSharedStayAsTheyWere() {
        var text = new Pieces();
        var buffer = new OutputBuffer();
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] more = "0123456789".repeat(30).getBytes(StandardCharsets.UTF_8);
            text.add(more, 0, more.length);
            buffer.add(text);
            text.add(more, 0, 5);
            taken.add(new String(buffer.take(), StandardCharsets.UTF_8));
        }
        String ten = "0123456789".repeat(30);
        assertThat(taken).containsExactly(ten, ten + "01234" + ten, ten + "01234" + ten + "01234" + ten);
        assertThat(text.bytes()).hasSize(3 * 305);
    }

    /** Also where arrays are lent to several at once, and given back in another order. */
    @Test
    void buffersDoNotDisturbOneAnother() {
        var random = new Random(7);
        var buffers = new ArrayList<OutputBuffer>();
        var expected = new ArrayList<StringBuilder>();
        for (int i = 0; i < 40; i++) {
            buffers.add(new OutputBuffer());
            expected.add(new StringBuilder());
        }
        for (int step = 0; step < 5000; step++) {
            int one = random.nextInt(buffers.size());
            expected.get(one).append(add(buffers.get(one), random));
            if (random.nextInt(5) == 0) {
                assertThat(new String(buffers.get(one).take(), StandardCharsets.UTF_8))
                        .isEqualTo(expected.get(one).toString());
                expected.get(one).setLength(0);
            }
        }
    }
}
