package dev.warder.cli;

import dev.warder.config.Setting;
import dev.warder.config.TextFile;
import picocli.CommandLine.Help;

/** The texts that come with this program. */
public final class ProgramText {
    private static final int WIDTH = 120;

    private ProgramText() {}

    /** The version of this build, for example {@code 1.2.3}. */
    public static String version() {
        return TextFile.of(ProgramText.class, "version.txt").strip();
    }

    /** The text of {@code --help}: the usage, the options as picocli lists them, and every setting. */
    static String help() {
        var settings = new StringBuilder();
        for (Setting setting : Setting.values()) {
            settings.append("  %-30s %s%n".formatted("--" + setting.publicName(), setting.help()));
            setting.defaultText().ifPresent(value -> settings.append("  %-30s (default: %s)%n".formatted("", value)));
        }
        return TextFile.of(ProgramText.class, "help.txt")
                .replace("{options}", options())
                .replace("{settings}", settings);
    }

    private static String options() {
        var program = Grammar.program();
        program.usageMessage().width(WIDTH).sortOptions(false);
        return new Help(program, Help.defaultColorScheme(Help.Ansi.OFF)).optionList();
    }
}
