package dev.warder.contract;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A valid request body with every freedom that JSON gives: white space, escapes, orders, numbers.
 *
 * @param before the bytes in front of the value of {@code system}, or of the closing brace when there is none
 * @param system the value of {@code system}, empty when there is none
 * @param after the bytes behind it
 */
record RandomDocument(String before, String system, String after) {
    private static final List<String> SYSTEMS = List.of(
            "null",
            "\"\"",
            "\"Be brief.\"",
            "\"Answer in the house style.\"",
            "\"\\u0041nswer in the house st\\u0079le.\"",
            "\"Answer in the house style\"",
            "[]",
            "[ ]",
            "7",
            "{}",
            "false",
            "[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: a\"}]",
            "[ {\"text\":\"x-anthropic-\\u0062illing-header\",\"type\":\"t\\u0065xt\"} , {\"type\":\"text\",\"text\":\"b\"}]",
            "[{\"type\":\"text\",\"text\":\"a\"},{\"text\":\"Answer in the house style.\",\"type\":\"text\"}]",
            "[1,null,[[]],\"x\"]",
            "\"x-anthropic-billing-header: b\"");
    private static final List<String> NUMBERS = List.of(
            "0", "-0", "1.0", "1e3", "1E+3", "-2.50e-7", "123456789012345678901234567890", "0.1000", "9".repeat(200));
    private static final List<String> CHARACTERS = List.of(
            "a",
            " ",
            "é",
            "漢",
            "🙂",
            "\u2028",
            "\\n",
            "\\\"",
            "\\\\",
            "\\/",
            "\\u00e9",
            "\\ud83d\\ude42",
            "{",
            "]",
            ",");

    static RandomDocument of(Random random) {
        var members = new ArrayList<String>();
        members.add(blanks(random) + "\"model\"" + blanks(random) + ":" + string(random, 12));
        for (int i = random.nextInt(6); i > 0; i--) {
            members.add(blanks(random) + "\"m" + i + "\"" + blanks(random) + ":" + value(random, 4));
        }
        Collections.shuffle(members, random);
        var front = members.subList(0, random.nextInt(members.size() + 1));
        var rear = members.subList(front.size(), members.size());
        if (random.nextInt(4) == 0) {
            return new RandomDocument(
                    blanks(random) + "{" + String.join(",", members) + blanks(random), "", "}" + blanks(random));
        }
        var name = blanks(random) + (random.nextBoolean() ? "\"system\"" : "\"syst\\u0065m\"") + blanks(random) + ":";
        return new RandomDocument(
                blanks(random) + "{" + String.join(",", front) + (front.isEmpty() ? "" : ",") + name + blanks(random),
                random.nextInt(5) == 0 ? string(random) : pick(SYSTEMS, random),
                blanks(random) + (rear.isEmpty() ? "" : ",") + String.join(",", rear) + blanks(random) + "}"
                        + blanks(random));
    }

    /** The whole document. */
    String text() {
        return before + system + after;
    }

    private static String value(Random random, int depth) {
        return blanks(random)
                + switch (random.nextInt(depth > 0 ? 7 : 5)) {
                    case 0 -> pick(NUMBERS, random);
                    case 1 -> pick(List.of("true", "false", "null"), random);
                    case 5 -> "[" + String.join(",", values(random, depth)) + blanks(random) + "]";
                    case 6 -> object(random, depth);
                    default -> string(random);
                }
                + blanks(random);
    }

    private static List<String> values(Random random, int depth) {
        var values = new ArrayList<String>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(value(random, depth - 1));
        }
        return values;
    }

    private static String object(Random random, int depth) {
        var members = new ArrayList<String>();
        for (var value : values(random, depth)) {
            members.add(blanks(random) + pick(List.of("\"system\"", "\"model\"", "\"\"", string(random)), random) + ":"
                    + value);
        }
        return "{" + String.join(",", members) + blanks(random) + "}";
    }

    private static String string(Random random) {
        return string(random, random.nextInt(10) == 0 ? 3000 : 12);
    }

    /** A string of fewer pieces than {@code most}: the name of a model has 256 characters at most. */
    private static String string(Random random, int most) {
        var text = new StringBuilder("\"");
        for (int i = random.nextInt(most); i > 0; i--) {
            text.append(pick(CHARACTERS, random));
        }
        return text.append('"').toString();
    }

    private static String blanks(Random random) {
        return random.nextInt(3) > 0 ? "" : pick(List.of(" ", "\n", "\t", "\r\n", "   "), random);
    }

    private static String pick(List<String> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
