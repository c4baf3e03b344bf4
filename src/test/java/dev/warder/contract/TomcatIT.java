package dev.warder.contract;

import dev.warder.testkit.TomcatContainer;
import org.junit.jupiter.api.Nested;

class TomcatIT {
    @Nested
    class Admin extends AdminContract {
        Admin() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Answer extends AnswerContract {
        Answer() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class AnswerFields extends AnswerFieldsContract {
        AnswerFields() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class BackPressure extends BackPressureContract {
        BackPressure() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Bytes extends ByteContract {
        Bytes() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class CallerChoice extends CallerChoiceContract {
        CallerChoice() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Canaries extends CanaryContract {
        Canaries() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Chat extends ChatContract {
        Chat() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatCoding extends ChatCodingContract {
        ChatCoding() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatDrain extends ChatDrainContract {
        ChatDrain() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatFailover extends ChatFailoverContract {
        ChatFailover() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatMemory extends ChatMemoryContract {
        ChatMemory() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatModels extends ChatModelsContract {
        ChatModels() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatPolicy extends ChatPolicyContract {
        ChatPolicy() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatShapes extends ChatShapesContract {
        ChatShapes() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ChatSilence extends ChatSilenceContract {
        ChatSilence() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ClaudeCode extends ClaudeCodeContract {
        ClaudeCode() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ClientFile extends ClientFileContract {
        ClientFile() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ClientLoss extends ClientLossContract {
        ClientLoss() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Coding extends CodingContract {
        Coding() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Configuration extends ConfigurationContract {
        Configuration() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class CredentialAdmin extends CredentialAdminContract {
        CredentialAdmin() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ConnectionToken extends ConnectionTokenContract {
        ConnectionToken() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Credential extends CredentialContract {
        Credential() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class CrossTalk extends CrossTalkContract {
        CrossTalk() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Database extends DatabaseContract {
        Database() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Differential extends DifferentialContract {
        Differential() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Dispatch extends DispatchContract {
        Dispatch() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class DroppedFields extends DroppedFieldsContract {
        DroppedFields() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class DuplicateMembers extends DuplicateMembersContract {
        DuplicateMembers() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class EarlyAnswer extends EarlyAnswerContract {
        EarlyAnswer() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Blame extends BlameContract {
        Blame() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class FirstByte extends FirstByteContract {
        FirstByte() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class FacadeFaults extends FacadeFaultsContract {
        FacadeFaults() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Failover extends FailoverContract {
        Failover() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class FailoverEnd extends FailoverEndContract {
        FailoverEnd() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Fault extends FaultContract {
        Fault() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Federation extends FederationContract {
        Federation() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class FieldInput extends FieldInputContract {
        FieldInput() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Fields extends FieldsContract {
        Fields() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Framing extends FramingContract {
        Framing() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Gate extends GateContract {
        Gate() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Health extends HealthContract {
        Health() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Http2Jetty extends Http2JettyContract {
        Http2Jetty() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Http2Message extends Http2MessageContract {
        Http2Message() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Http2Refusal extends Http2RefusalContract {
        Http2Refusal() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Http2Sharing extends Http2SharingContract {
        Http2Sharing() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class JsonInput extends JsonInputContract {
        JsonInput() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class LateUse extends LateUseContract {
        LateUse() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class LargeBody extends LargeBodyContract {
        LargeBody() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class LifeCycle extends LifeCycleContract {
        LifeCycle() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Memory extends MemoryContract {
        Memory() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Reload extends ReloadContract {
        Reload() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Newcomer extends NewcomerContract {
        Newcomer() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Method extends MethodContract {
        Method() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Migrating extends MigratingContract {
        Migrating() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class ModelPolicy extends ModelPolicyContract {
        ModelPolicy() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Naughty extends NaughtyContract {
        Naughty() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OAuth extends OAuthContract {
        OAuth() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OAuthSecrets extends OAuthSecretsContract {
        OAuthSecrets() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OAuthStore extends OAuthStoreContract {
        OAuthStore() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OpenAiLangChain4j extends LangChain4jContract {
        OpenAiLangChain4j() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OpenAiPaths extends OpenAiPathsContract {
        OpenAiPaths() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OpenAiSdk extends OpenAiSdkContract {
        OpenAiSdk() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OpenAiSdkTrouble extends OpenAiSdkTroubleContract {
        OpenAiSdkTrouble() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OpenAiSpringAi extends SpringAiContract {
        OpenAiSpringAi() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OpenAccess extends OpenAccessContract {
        OpenAccess() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class OwnCredential extends OwnCredentialContract {
        OwnCredential() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class PathCorpus extends PathCorpusContract {
        PathCorpus() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Pieces extends PiecesContract {
        Pieces() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class PoolOrder extends PoolOrderContract {
        PoolOrder() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Prompt extends PromptContract {
        Prompt() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class PromptReach extends PromptReachContract {
        PromptReach() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class RawStreams extends RawStreamsContract {
        RawStreams() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class RefusalOrder extends RefusalOrderContract {
        RefusalOrder() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class RefusedBody extends RefusedBodyContract {
        RefusedBody() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Relay extends RelayContract {
        Relay() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class RelayedRoutes extends RelayedRoutesContract {
        RelayedRoutes() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class RequestFlood extends RequestFloodContract {
        RequestFlood() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class RequestForm extends RequestFormContract {
        RequestForm() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Rights extends RightsContract {
        Rights() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Routes extends RoutesContract {
        Routes() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Sdk extends SdkContract {
        Sdk() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class SdkTrouble extends SdkTroubleContract {
        SdkTrouble() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Silence extends SilenceContract {
        Silence() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class SilentLog extends SilentLogContract {
        SilentLog() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class SlowClient extends SlowClientContract {
        SlowClient() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Start extends StartContract {
        Start() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Stream extends StreamContract {
        Stream() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class StreamEnd extends StreamEndContract {
        StreamEnd() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class StreamsAtOnce extends StreamsAtOnceContract {
        StreamsAtOnce() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Target extends TargetContract {
        Target() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class TomcatStop extends TomcatStopContract {}

    @Nested
    class TlsFault extends TlsFaultContract {
        TlsFault() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class UnreachableUpstream extends UnreachableUpstreamContract {
        UnreachableUpstream() {
            super(TomcatContainer::start);
        }
    }

    @Nested
    class Workspace extends WorkspaceContract {
        Workspace() {
            super(TomcatContainer::start);
        }
    }
}
