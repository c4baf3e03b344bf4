package dev.warder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What of a file people read: comments and strings of Java, a page without its code, a document of XML. */
final class Prose {
    /** A comment, a text block, a string, or a character, whichever comes first; the last one is skipped. */
    private static final Pattern JAVA = Pattern.compile(
            "//(?<line>[^\n]*)|/\\*(?<block>.*?)\\*/|\"\"\"(?<text>.*?)\"\"\"|\"(?<string>(?:\\\\.|[^\"\\\\\n])*)\"|'(?:\\\\.|[^'\\\\])+'",
            Pattern.DOTALL);

    private static final Pattern TAG =
            Pattern.compile("\\{@(?:code|link|value|literal)\\b[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}");
    private static final Pattern STAR = Pattern.compile("(?m)^\\s*\\*+ ?");
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`\n]*`");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?m)^ {4}.*$");

    private Prose() {}

    /** The text, with line breaks as blanks, and without what is code in it. */
    static String of(Path file) throws IOException {
        var content = Files.readString(file);
        var name = file.toString();
        var prose = name.endsWith(".java") ? ofJava(content) : name.endsWith(".md") ? ofPage(content) : content;
        return prose.replaceAll("\\s+", " ");
    }

    static String ofJava(String source) {
        var prose = new StringBuilder();
        JAVA.matcher(source).results().forEach(found -> {
            for (int group = 1; group <= found.groupCount(); group++) {
                if (found.group(group) != null) {
                    prose.append(TAG.matcher(STAR.matcher(found.group(group)).replaceAll(" "))
                                    .replaceAll("…"))
                            .append(" ¶ ");
                }
            }
        });
        return prose.toString();
    }

    static String ofPage(String page) {
        return CODE_SPAN.matcher(CODE_BLOCK.matcher(page).replaceAll("")).replaceAll("…");
    }
}
