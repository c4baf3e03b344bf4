package dev.warder.cli;

import dev.warder.config.Setting;

/** What {@code --help} shows. */
final class HelpText {
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

            Options:
              --host=127.0.0.1   address to listen on; 0.0.0.0 for all
              --port=8080        port to listen on; 0 for a free one
              --context=/        path under which everything is served
              --config=FILE      settings from a file (UTF-8 properties); the command line wins
              --demo             use a built-in stand-in for the API: no account, no network
              --help             show this
              --version          show the version

            Settings, as --name=value, --name value, or as name=value in the file:
            """;
    private static final String REST =
            """

            A secret is a reference: env:NAME, file:PATH or, discouraged, value:TEXT.
            Durations are written 500ms, 30s, 5m or 1h, sizes 64k, 32m, 1g or a part of the memory, such as 30%.
            Without clients.token, clients.file and clients.open a token is made for the run and shown at the start.
            A line of clients.file may have rights=passthrough,managed,workspace; without rights= it has the first two, and
            managed credentials then serve inference and reading models, not batches and files.
            """;

    private HelpText() {}

    static String text() {
        var text = new StringBuilder(USAGE);
        for (Setting setting : Setting.values()) {
            String name = "--" + setting.publicName();
            text.append("  %-30s %s%n".formatted(name, setting.help()));
            setting.defaultText().ifPresent(value -> text.append("  %-30s (default: %s)%n".formatted("", value)));
        }
        return text.append(REST).toString();
    }
}
