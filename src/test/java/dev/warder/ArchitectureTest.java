package dev.warder;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonWriter;
import jakarta.json.JsonWriterFactory;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import javax.naming.Context;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    /** Which packages each package knows: no others, and all of these. The package {@code dev.warder} is known to none. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("body", Set.of()),
            Map.entry("budget.bound", Set.of("database", "ledger.store")),
            Map.entry("budget.lease", Set.of("database", "ledger.store")),
            Map.entry("config", Set.of()),
            Map.entry("container", Set.of()),
            Map.entry("digest", Set.of()),
            Map.entry("sse", Set.of()),
            Map.entry("thread", Set.of()),
            Map.entry("state", Set.of()),
            Map.entry("upstream.h2", Set.of()),
            Map.entry("json", Set.of("body")),
            Map.entry("policy.reading", Set.of("config", "digest", "json", "policy", "policy.store")),
            Map.entry("policy", Set.of("config", "digest")),
            Map.entry("policy.store", Set.of("database")),
            Map.entry(
                    "budget",
                    Set.of(
                            "auth",
                            "budget.account",
                            "budget.bound",
                            "budget.estimate",
                            "budget.lease",
                            "budget.notification",
                            "budget.reply",
                            "budget.report",
                            "config",
                            "gate",
                            "http",
                            "json",
                            "ledger.store",
                            "policy",
                            "policy.reading",
                            "prices",
                            "record",
                            "thread",
                            "usage")),
            Map.entry(
                    "budget.account",
                    Set.of("budget.lease", "budget.reply", "budget.report", "ledger.store", "policy")),
            Map.entry(
                    "budget.estimate",
                    Set.of("auth", "budget.bound", "gate", "http", "json", "prices", "thread", "usage")),
            Map.entry(
                    "budget.notification",
                    Set.of(
                            "budget.reply",
                            "config",
                            "credential",
                            "digest",
                            "json",
                            "policy",
                            "policy.reading",
                            "upstream")),
            Map.entry("budget.reply", Set.of("http", "policy")),
            Map.entry("budget.report", Set.of("budget.lease", "ledger.store", "policy", "thread")),
            Map.entry("reconciliation.report", Set.of("config", "credential", "json", "upstream")),
            Map.entry(
                    "reconciliation.store",
                    Set.of("budget.lease", "database", "digest", "ledger.store", "reconciliation.report")),
            Map.entry(
                    "reconciliation",
                    Set.of(
                            "config",
                            "ledger.store",
                            "policy",
                            "reconciliation.report",
                            "reconciliation.store",
                            "thread")),
            Map.entry("policy.version", Set.of("database", "policy", "policy.reading")),
            Map.entry("ratelimit.store", Set.of("database")),
            Map.entry(
                    "ratelimit",
                    Set.of(
                            "auth",
                            "config",
                            "gate",
                            "http",
                            "json",
                            "policy",
                            "prices",
                            "ratelimit.store",
                            "record",
                            "thread",
                            "usage")),
            Map.entry("prices", Set.of("config", "digest", "json")),
            Map.entry("upstream", Set.of("config", "state", "upstream.h2")),
            Map.entry("usage", Set.of("body", "http", "json", "messages", "prices")),
            Map.entry("http", Set.of("container", "json")),
            Map.entry("html", Set.of("digest", "http")),
            Map.entry(
                    "dashboard",
                    Set.of(
                            "budget.report",
                            "credential",
                            "credential.source",
                            "html",
                            "http",
                            "ledger",
                            "ledger.store",
                            "policy",
                            "reconciliation",
                            "reconciliation.store",
                            "record",
                            "whatif")),
            Map.entry("whatif", Set.of("config", "http", "ledger.jdbc", "policy", "policy.reading", "thread")),
            Map.entry("gate", Set.of("auth", "http", "json", "prices", "record", "state", "usage")),
            Map.entry("messages", Set.of("json", "sse")),
            Map.entry("openai.document", Set.of("body", "json")),
            Map.entry("openai.schema", Set.of("json")),
            Map.entry("demo", Set.of("http", "json", "messages")),
            Map.entry("record", Set.of("config", "http", "json", "prices", "state", "usage")),
            Map.entry("translation", Set.of("body", "http", "json", "sse")),
            Map.entry(
                    "auth",
                    Set.of("config", "digest", "http", "json", "policy", "policy.reading", "policy.store", "record")),
            Map.entry("credential", Set.of("auth", "credential.source", "http", "record", "upstream")),
            Map.entry(
                    "models",
                    Set.of(
                            "auth",
                            "body",
                            "config",
                            "credential",
                            "credential.source",
                            "http",
                            "json",
                            "messages",
                            "record",
                            "sse",
                            "translation",
                            "upstream")),
            Map.entry("oauth.token", Set.of("credential", "json", "state", "upstream")),
            Map.entry("prompt", Set.of("body", "config", "credential", "http", "json")),
            Map.entry(
                    "failover",
                    Set.of(
                            "credential",
                            "credential.source",
                            "http",
                            "json",
                            "messages",
                            "record",
                            "response",
                            "sse",
                            "state")),
            Map.entry(
                    "response",
                    Set.of(
                            "body",
                            "container",
                            "gate",
                            "http",
                            "json",
                            "messages",
                            "record",
                            "sse",
                            "state",
                            "translation",
                            "upstream",
                            "usage")),
            Map.entry(
                    "upload",
                    Set.of(
                            "auth",
                            "body",
                            "config",
                            "container",
                            "credential",
                            "gate",
                            "http",
                            "json",
                            "record",
                            "response",
                            "state",
                            "translation")),
            Map.entry(
                    "proxy",
                    Set.of(
                            "auth",
                            "body",
                            "config",
                            "container",
                            "credential",
                            "credential.source",
                            "failover",
                            "gate",
                            "http",
                            "record",
                            "response",
                            "state",
                            "tracing",
                            "upload",
                            "upstream",
                            "usage")),
            Map.entry("telemetry", Set.of("body", "http", "json", "otlp", "record")),
            Map.entry("tracing", Set.of("http", "prices", "record", "usage")),
            Map.entry("database", Set.of("config")),
            Map.entry("ledger.jdbc", Set.of("budget.lease", "database", "http", "ledger.store", "prices", "usage")),
            Map.entry("ledger.journal", Set.of("database", "ledger.store")),
            Map.entry("ledger.store", Set.of("database", "http", "prices", "record", "usage")),
            Map.entry(
                    "ledger",
                    Set.of(
                            "auth",
                            "config",
                            "database",
                            "gate",
                            "http",
                            "json",
                            "ledger.jdbc",
                            "ledger.journal",
                            "ledger.store",
                            "record",
                            "usage")),
            Map.entry("oauth.store", Set.of("config", "database", "digest", "json", "oauth.token")),
            Map.entry(
                    "organization",
                    Set.of(
                            "audit",
                            "auth",
                            "budget.reply",
                            "config",
                            "digest",
                            "http",
                            "json",
                            "organization.query",
                            "organization.report",
                            "organization.spendlimit",
                            "policy",
                            "principal.api",
                            "record",
                            "thread")),
            Map.entry("organization.query", Set.of("config", "digest")),
            Map.entry(
                    "organization.report",
                    Set.of("config", "http", "ledger.store", "organization.query", "prices", "thread")),
            Map.entry(
                    "organization.spendlimit",
                    Set.of(
                            "audit",
                            "budget.lease",
                            "config",
                            "digest",
                            "http",
                            "json",
                            "ledger.jdbc",
                            "ledger.store",
                            "organization.query",
                            "policy",
                            "policy.store",
                            "principal",
                            "principal.api",
                            "spendlimit",
                            "thread")),
            Map.entry("openai.messages", Set.of("digest", "json", "models", "openai.document", "openai.schema")),
            Map.entry(
                    "openai.items",
                    Set.of(
                            "config",
                            "digest",
                            "json",
                            "models",
                            "openai.document",
                            "openai.messages",
                            "openai.reasoning")),
            Map.entry("openai.request", Set.of("config", "models", "openai.document", "openai.messages")),
            Map.entry(
                    "oauth",
                    Set.of(
                            "config",
                            "credential.source",
                            "digest",
                            "http",
                            "json",
                            "oauth.renewal",
                            "oauth.store",
                            "oauth.token")),
            Map.entry(
                    "openai.response",
                    Set.of("body", "http", "json", "messages", "openai.request", "sse", "translation")),
            Map.entry("openai.reasoning", Set.of("config", "digest", "json", "openai.document")),
            Map.entry(
                    "openai.output",
                    Set.of(
                            "http",
                            "json",
                            "messages",
                            "openai.items",
                            "openai.reasoning",
                            "openai.response",
                            "sse",
                            "translation")),
            Map.entry(
                    "admin",
                    Set.of(
                            "admin.document",
                            "admin.request",
                            "admin.session",
                            "audit",
                            "auth",
                            "budget.report",
                            "config",
                            "credential",
                            "credential.source",
                            "dashboard",
                            "html",
                            "http",
                            "json",
                            "ledger",
                            "oauth",
                            "oauth.renewal",
                            "organization.spendlimit",
                            "ownpage",
                            "policy",
                            "principal",
                            "principal.api",
                            "principal.page",
                            "reconciliation",
                            "reconciliation.store",
                            "record",
                            "spendlimit",
                            "whatif")),
            Map.entry(
                    "admin.document",
                    Set.of(
                            "admin.request",
                            "audit",
                            "budget.report",
                            "config",
                            "http",
                            "json",
                            "ledger",
                            "policy",
                            "reconciliation",
                            "reconciliation.report",
                            "reconciliation.store")),
            Map.entry(
                    "admin.request",
                    Set.of(
                            "admin.session",
                            "audit",
                            "auth",
                            "config",
                            "html",
                            "http",
                            "json",
                            "oauth",
                            "principal.api",
                            "record")),
            Map.entry("admin.session", Set.of("auth", "config", "http")),
            Map.entry("audit", Set.of("database", "digest")),
            Map.entry(
                    "principal",
                    Set.of(
                            "audit",
                            "auth",
                            "config",
                            "database",
                            "digest",
                            "json",
                            "policy",
                            "policy.reading",
                            "policy.store")),
            Map.entry(
                    "ownpage",
                    Set.of(
                            "auth",
                            "config",
                            "html",
                            "http",
                            "ledger.store",
                            "organization.spendlimit",
                            "policy",
                            "spendlimit")),
            Map.entry(
                    "spendlimit", Set.of("audit", "config", "database", "json", "policy", "policy.store", "principal")),
            Map.entry(
                    "principal.api",
                    Set.of("audit", "auth", "config", "http", "json", "policy.store", "principal", "spendlimit")),
            Map.entry(
                    "principal.page",
                    Set.of(
                            "audit",
                            "auth",
                            "config",
                            "html",
                            "http",
                            "json",
                            "ledger",
                            "policy.reading",
                            "policy.store",
                            "principal",
                            "principal.api",
                            "spendlimit")),
            Map.entry("credential.source", Set.of("config", "http")),
            Map.entry("oauth.renewal", Set.of("credential.source", "oauth.store", "oauth.token")),
            Map.entry(
                    "metrics",
                    Set.of(
                            "admin",
                            "admin.session",
                            "auth",
                            "config",
                            "credential",
                            "http",
                            "prices",
                            "record",
                            "usage")),
            Map.entry(
                    "otlp", Set.of("config", "credential", "http", "metrics", "prices", "record", "upstream", "usage")),
            Map.entry(
                    "health",
                    Set.of(
                            "admin",
                            "admin.session",
                            "auth",
                            "credential",
                            "credential.source",
                            "html",
                            "http",
                            "json",
                            "record")),
            Map.entry(
                    "openai",
                    Set.of(
                            "auth",
                            "body",
                            "config",
                            "http",
                            "json",
                            "models",
                            "openai.document",
                            "openai.items",
                            "openai.output",
                            "openai.reasoning",
                            "openai.request",
                            "openai.response",
                            "translation")),
            Map.entry(
                    "settings",
                    Set.of(
                            "admin",
                            "auth",
                            "budget",
                            "config",
                            "credential.source",
                            "database",
                            "ledger",
                            "metrics",
                            "models",
                            "oauth",
                            "oauth.store",
                            "openai",
                            "otlp",
                            "policy.reading",
                            "prices",
                            "prompt",
                            "proxy",
                            "reconciliation",
                            "record",
                            "upstream")),
            Map.entry("cli.admin", Set.of("audit", "cli", "config", "json")),
            Map.entry(
                    "cli.run",
                    Set.of(
                            "admin",
                            "auth",
                            "cli",
                            "cli.admin",
                            "config",
                            "credential.source",
                            "http",
                            "oauth",
                            "oauth.renewal",
                            "oauth.store",
                            "prices",
                            "proxy",
                            "settings",
                            "upload",
                            "upstream")),
            Map.entry("cli", Set.of("config", "json", "prices", "settings")),
            Map.entry(
                    "standalone",
                    Set.of(
                            "auth",
                            "cli",
                            "cli.run",
                            "config",
                            "credential.source",
                            "database",
                            "demo",
                            "http",
                            "json",
                            "proxy",
                            "record",
                            "settings",
                            "upload",
                            "upstream")));

    private final JavaClasses main = MainClasses.read();

    @Test
    void packagesKnowOnlyWhatThePlanSays() {
        assertThat(between(packages()).filter(each -> !mayKnow(each)).map(Dependency::getDescription))
                .as("dependencies between packages that MAY_KNOW does not have")
                .isEmpty();
    }

    @Test
    void packagesKnowAllThatThePlanSays() {
        var used = new TreeMap<String, Set<String>>();
        packages().forEach(type -> used.computeIfAbsent(name(type), none -> new TreeSet<>()));
        between(packages()).forEach(each -> used.computeIfAbsent(name(each.getOriginClass()), none -> new TreeSet<>())
                .add(name(target(each))));
        assertThat(used).as("what each package uses").isEqualTo(new TreeMap<>(MAY_KNOW));
    }

    /** No circle between packages; therefore there is none between classes of different packages either. */
    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.warder.(**)").should().beFreeOfCycles().check(main);
    }

    private Stream<JavaClass> packages() {
        return main.stream().filter(type -> type.getPackageName().startsWith("dev.warder."));
    }

    /** The dependencies of classes on classes of other packages of the application. */
    private Stream<Dependency> between(Stream<JavaClass> types) {
        return types.flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(each -> main.contain(target(each).getName()))
                .filter(each -> !name(each.getOriginClass()).equals(name(target(each))));
    }

    private static boolean mayKnow(Dependency each) {
        return MAY_KNOW.getOrDefault(name(each.getOriginClass()), Set.of()).contains(name(target(each)));
    }

    private static JavaClass target(Dependency each) {
        return each.getTargetClass().getBaseComponentType();
    }

    /** The name of a type's package without {@code dev.warder.}. */
    private static String name(JavaClass type) {
        return type.getPackageName().replaceFirst("^dev\\.warder\\.", "");
    }

    @Test
    void theServletApiStaysOutOfTheParsersAndTheConfiguration() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.warder.body..", "dev.warder.json..", "dev.warder.sse..", "dev.warder.config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.servlet..")
                .check(main);
    }

    @Test
    void theHttpClientIsKnownWhereRequestsGoUpOnly() {
        noClasses()
                .that(are(DescribedPredicate.not(resideInAPackage("dev.warder.upstream..")
                        .or(resideInAnyPackage("dev.warder.proxy..", "dev.warder.upload..", "dev.warder.response.."))
                        // Token endpoints are other hosts, asked with other time-outs.
                        .or(resideInAnyPackage("dev.warder.oauth.token..")))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .check(main);
    }

    /** The jar lies in the launcher only, so that nothing that a servlet container loads may need it. */
    @Test
    void picocliIsKnownToTheCommandLineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.warder.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(main);
    }

    /** Parsers of JSON-P put text of the document into their messages. */
    @Test
    void jsonIsReadAndWrittenInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.warder.json.JsonTree")
                .and()
                .doNotHaveFullyQualifiedName("dev.warder.json.JsonDocuments")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Json.class,
                        JsonProvider.class,
                        JsonReader.class,
                        JsonReaderFactory.class,
                        JsonWriter.class,
                        JsonWriterFactory.class,
                        JsonParser.class,
                        JsonParserFactory.class,
                        JsonGenerator.class,
                        JsonGeneratorFactory.class,
                        JsonBuilderFactory.class)
                .check(main);
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.warder\\.json\\.JsonDocuments(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("jakarta.json.bind..", "org.eclipse.yasson..")
                        .and(DescribedPredicate.not(resideInAPackage("jakarta.json.bind.annotation.."))))
                .check(main);
    }

    /** JSON-B sorts members by name where a record does not say otherwise. */
    @Test
    void documentsNameTheirMembersInOrder() {
        var documents = main.stream()
                .filter(type -> type.isAnnotatedWith(JsonbPropertyOrder.class))
                .map(JavaClass::reflect)
                .toList();
        assertThat(documents).hasSizeGreaterThan(5).allSatisfy(type -> assertThat(
                        type.getAnnotation(JsonbPropertyOrder.class).value())
                .as(type.getName())
                .containsExactly(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toArray(String[]::new)));
    }

    @Test
    void attributesAreTouchedInOnePlace() {
        for (var owner : Set.of(ServletRequest.class, ServletContext.class)) {
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("dev.warder.http.Attributes")
                    .should()
                    .callMethod(owner, "setAttribute", String.class, Object.class)
                    .orShould()
                    .callMethod(owner, "getAttribute", String.class)
                    .check(main);
        }
    }

    @Test
    void theClockIsHandedInAndNobodySleeps() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(main);
    }

    @Test
    void everyPackageIsNullMarked() {
        main.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("dev.warder"))
                .distinct()
                .forEach(name -> assertThat(main.getPackage(name).isAnnotatedWith(NullMarked.class))
                        .as(name)
                        .isTrue());
    }

    @Test
    void onlyServletsFiltersAndExceptionsExtendSomething() {
        classes()
                .that(are(DescribedPredicate.describe(
                        "named classes that extend one", ArchitectureTest::extendsSomething)))
                .should()
                .beAssignableTo(HttpServlet.class)
                .orShould()
                .beAssignableTo(HttpFilter.class)
                .orShould()
                .beAssignableTo(Throwable.class)
                .orShould()
                // The JDK names its log manager by class, and has no other way to keep handlers while exchanges end.
                .beAssignableTo(LogManager.class)
                .orShould()
                // The JDK's handlers take no other kind of formatter.
                .beAssignableTo(Formatter.class)
                .orShould()
                // The servlet API's streams are classes, and one that waits is given to the relays as one that does
                // not.
                .beAssignableTo(ServletInputStream.class)
                .orShould()
                .beAssignableTo(ServletOutputStream.class)
                .orShould()
                // Jetty asks a handler whether it may block, and an application's handler has no setting for that.
                .beAssignableTo(WebAppContext.class)
                .orShould()
                // Jetty's connections and their factory are classes, and nothing else sees an unfinished head.
                .beAssignableTo(HttpConnectionFactory.class)
                .orShould()
                .beAssignableTo("org.eclipse.jetty.server.internal.HttpConnection")
                .orShould()
                .beAssignableTo("org.eclipse.jetty.server.internal.HttpConnection$RequestHandler")
                .orShould()
                // The JDK's handlers of log records are classes.
                .beAssignableTo(Handler.class)
                .check(main);
    }

    /** The container decodes and normalizes what these methods return, each container in its own way. */
    @Test
    void onlyTheRequestUriDecides() {
        for (var method : Set.of("getPathInfo", "getServletPath", "getPathTranslated", "getRequestURL")) {
            noClasses().should().callMethod(HttpServletRequest.class, method).check(main);
        }
    }

    @Test
    void nothingIsRunOrDeserialized() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ProcessBuilder.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ObjectInputStream.class.getName())
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.script..", "java.beans..", "java.rmi..")
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(main);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.warder.Jndi")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Context.class)
                .check(main);
    }

    /** A string that is put together at run time is compiled to an invokedynamic of StringConcatFactory, or to a StringBuilder. */
    @Test
    void sqlIsConstantText() throws IOException {
        var callers = main.stream()
                .filter(type -> type.getMethodCallsFromSelf().stream().anyMatch(ArchitectureTest::preparesSql)
                        || type.getConstructorCallsFromSelf().stream()
                                .anyMatch(call ->
                                        call.getTargetOwner().getSimpleName().equals("SqlMigration")))
                .toList();
        assertThat(callers)
                .extracting(JavaClass::getSimpleName)
                .containsExactlyInAnyOrder(
                        "CreateTokenTable",
                        "CreateLedgerTables",
                        "CreateUsageTable",
                        "CreatePolicyTable",
                        "CreateBudgetTables",
                        "AddPolicyOwners",
                        "CreateLimitTables",
                        "CreateReconciliationTables",
                        "CreateIncreaseTable",
                        "IncreaseTable",
                        "SessionTable",
                        "AdjustmentTable",
                        "DayTable",
                        "LedgerSums",
                        "LineTable",
                        "LookLease",
                        "BucketTable",
                        "SlotTable",
                        "AuditTable",
                        "Batches",
                        "IdempotencyTable",
                        "ObjectTable",
                        "RevisionTable",
                        "CreatePrincipalTables",
                        "DatabaseGroups",
                        "DatabaseVersions",
                        "BoundTable",
                        "PeriodTable",
                        "ThresholdTable",
                        "PeriodReader",
                        "WaitReader",
                        "LeaseTable",
                        "WaitingLeases",
                        "ChargeTable",
                        "NodeTable",
                        "Openings",
                        "OldPeriods",
                        "SqlMigration",
                        "TokenTable",
                        "TokenTable",
                        "LedgerTable",
                        "IntentTable",
                        "RollupTable",
                        "SumsTable",
                        "UsageTable",
                        "Checkpoint",
                        "HourTable",
                        "CopiedTable",
                        "DatabaseSchema");
        for (var caller : callers) {
            var file = "/" + caller.getName().replace('.', '/') + ".class";
            try (var bytes = ArchitectureTest.class.getResourceAsStream(file)) {
                assertThat(new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .as(caller.getName())
                        .doesNotContain("StringConcatFactory", "java/lang/StringBuilder", "java/util/Formatter");
            }
        }
    }

    private static boolean preparesSql(JavaMethodCall call) {
        var owner = call.getTargetOwner();
        return owner.isAssignableTo(Connection.class) && call.getName().startsWith("prepare")
                || owner.isAssignableTo(Statement.class)
                        && call.getName().startsWith("execute")
                        && !call.getTarget().getRawParameterTypes().isEmpty();
    }

    private static boolean extendsSomething(JavaClass type) {
        boolean plain = type.isInterface() || type.isEnum() || type.isRecord() || type.isAnonymousClass();
        var parent = type.getRawSuperclass();
        return !plain
                && parent.isPresent()
                && !parent.get().isEquivalentTo(Object.class)
                && !parent.get().isEnum();
    }
}
