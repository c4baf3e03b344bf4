package dev.warder.cli;

import dev.warder.config.Setting;
import picocli.CommandLine.Help;

/** The text of {@code --help}: the usage, the options as picocli lists them, and every setting. */
public final class HelpText {
    private static final int WIDTH = 120;

    private static final String USAGE =
            """
            Warder, a streaming, authenticating gateway in front of the Anthropic API

            Usage:
              java -jar warder.war [options] [--name=value ...]   serve until stopped
              java -jar warder.war token NAME [--clients.pepper=SECRET]
                                                                  make an access token for the client NAME
              java -jar warder.war auth login|refresh|logout [NAME] [--config=FILE] [--name=value ...]
                                                                  look after the managed credential NAME, which may be
                                                                  left out where only one renews itself
              java -jar warder.war auth status|validate [NAME] [--config=FILE] [--name=value ...]
                                                                  show the managed credentials, or ask the upstream
                                                                  whether it accepts them; exit status 0 only if all do
              java -jar warder.war price MODEL [--input=N] [--output=N] [--read=N] [--write5m=N] [--write1h=N]
                  [--searches=N] [--tier=standard|priority|batch] [--speed=standard|fast] [--geo=PLACE] [--at=DATE]
                  [--credential=NAME] [--config=FILE] [--name=value ...]
                                                                  show the prices of a model, and what these numbers of
                                                                  tokens and searches cost with the credential NAME
              java -jar warder.war database copy --data.dir=PATH --database.url=URL [--database.user=NAME]
                  [--database.password=SECRET] [--config=FILE]
                                                                  copy the embedded database in a folder to an empty
                                                                  PostgreSQL, while no gateway uses them

            Usage for administrators of a running gateway, each with [--url=http://127.0.0.1:8080] [--plain-http]
            [--admin.token=SECRET] [--config=FILE]:
              java -jar warder.war admin GET PATH
              java -jar warder.war admin POST PATH [FILE]
              java -jar warder.war admin PUT|PATCH PATH [FILE] [--if-match=REVISION|*]
              java -jar warder.war admin DELETE PATH [--if-match=REVISION|*]
                                                                  send a request to PATH below /admin/api/, such as
                                                                  clients/ada, with the JSON in FILE (- for the standard
                                                                  input), and print the response
              java -jar warder.war import [--policy.file=FILE] [--clients.file=FILE] [--json]
                                                                  take over what the files have
              java -jar warder.war audit list|export [--json]
              java -jar warder.war audit verify [--head=NUMBER:HASH] [--json]
                                                                  check that no entry was changed, and print number and
                                                                  hash of the last one; with those of an earlier run also
                                                                  that no entry was replaced; export prints JSON lines

            Options:
            """;
    private static final String SETTINGS =
            """

            Settings, as --name=value, --name value, or as name=value in the file:
            """;
    private static final String REST =
            """

            A secret is a reference: env:NAME, file:PATH or, discouraged, value:TEXT.
            Durations are written 500ms, 30s, 5m or 1h, sizes 64k, 32m, 1g or a part of the memory, such as 30%.
            Without clients.token, clients.file and clients.open a token is made for the run and shown at the start.
            A line of clients.file may have rights=passthrough,managed,workspace; without rights= it has the first two, and
            managed credentials then serve inference and reading models, not batches and files. The right web permits web search,
            and admin:read reading usage, cost, limits, budgets, clients and tokens.
            """;

    private HelpText() {}

    public static String text() {
        var text = new StringBuilder(USAGE).append(options()).append(SETTINGS);
        for (Setting setting : Setting.values()) {
            String name = "--" + setting.publicName();
            text.append("  %-30s %s%n".formatted(name, setting.help()));
            setting.defaultText().ifPresent(value -> text.append("  %-30s (default: %s)%n".formatted("", value)));
        }
        return text.append(REST).toString();
    }

    private static String options() {
        var program = Grammar.program();
        program.usageMessage().width(WIDTH).sortOptions(false);
        return new Help(program, Help.defaultColorScheme(Help.Ansi.OFF)).optionList();
    }
}
