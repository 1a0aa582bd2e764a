using LocalAws.Health;
using LocalAws.Inventory;
using LocalAws.Moto;
using LocalAws.Routing;
using LocalAws.Services.Athena;
using LocalAws.Services.Dms;
using LocalAws.Services.Ec2;
using LocalAws.Services.Events;
using LocalAws.Services.Glue;
using LocalAws.Services.Lambda;
using LocalAws.Services.Lambda.EventSources;
using LocalAws.Services.Logs;
using LocalAws.Services.Messaging;
using LocalAws.Services.Rds;
using LocalAws.Services.S3;
using LocalAws.Services.Sns;
using LocalAws.Services.Sqs;

namespace LocalAws;

/// <summary>What the gateway is made of.</summary>
internal static class GatewayServices
{
    public static void AddGateway(this IServiceCollection services) => services
        .AddSingleton<ControlPlane>()
        .AddSingleton<MotoServer>()
        .AddSingleton<MotoClient>()
        .AddSingleton<MotoForwarder>()
        .AddSingleton<OperationTable>()
        .AddSingleton<RequestRouter>()
        .AddSingleton<InventoryReader>()
        .AddSingleton<HealthReader>()
        .AddSingleton<LogWriter>()
        .AddHostedService(provider => provider.GetRequiredService<LogWriter>())
        .AddMessaging()
        .AddEc2()
        .AddS3()
        .AddLambda()
        .AddGlue()
        .AddAthena()
        .AddRds()
        .AddDms();

    private static IServiceCollection AddMessaging(this IServiceCollection services) => services
        .AddSingleton<EventDelivery>()
        .AddSingleton<QueueClient>()
        .AddSingleton<IAwsService, QueueAttributeService>()
        .AddSingleton<IAwsService, MessageMoveService>()
        .AddSingleton<TopicQueue>()
        .AddHostedService<TopicPublisher>()
        .AddSingleton<IAwsService, TopicService>()
        .AddSingleton<EventBus>()
        .AddSingleton<RuleRegistry>()
        .AddSingleton<RuleEngine>()
        .AddHostedService(provider => provider.GetRequiredService<RuleEngine>())
        .AddHostedService<RuleScheduler>()
        .AddSingleton<IAwsService, EventBridgeService>();

    private static IServiceCollection AddEc2(this IServiceCollection services) => services
        .AddSingleton<SubnetLookup>()
        .AddSingleton<IAwsService, VpcDeletionService>()
        .AddSingleton<IAwsService, SecurityGroupRuleService>();

    private static IServiceCollection AddS3(this IServiceCollection services) => services
        .AddSingleton<BucketRegistry>()
        .AddSingleton<BucketCheck>()
        .AddSingleton<Sequencer>()
        .AddSingleton<NotificationDispatcher>()
        .AddSingleton<IObjectEvents>(provider => provider.GetRequiredService<NotificationDispatcher>())
        .AddHostedService(provider => provider.GetRequiredService<NotificationDispatcher>())
        .AddSingleton<IAwsService, BucketPolicyService>()
        .AddSingleton<IAwsService, BucketNotificationService>()
        .AddSingleton<IAwsService, ObjectWriteService>()
        .AddSingleton<IAwsService, BucketDeletionService>();

    private static IServiceCollection AddLambda(this IServiceCollection services) => services
        .AddSingleton<FunctionRegistry>()
        .AddSingleton<IFunctionInvoker, FunctionInvoker>()
        .AddSingleton<AsyncInvocationQueue>()
        .AddSingleton<IInvocationOutcomes, InvocationDestinations>()
        .AddHostedService<AsyncInvoker>()
        .AddSingleton<QueuePoller>()
        .AddSingleton<EventSourceMappingOperations>()
        .AddSingleton<FunctionOperations>()
        .AddSingleton<FunctionSettingOperations>()
        .AddSingleton<FunctionPermissionOperations>()
        .AddSingleton<InvocationOperations>()
        .AddSingleton<IAwsService, LambdaService>();

    private static IServiceCollection AddGlue(this IServiceCollection services) => services
        .AddSingleton<ScopedStore<GlueState>>()
        .AddSingleton<SparkDefaults>()
        .AddSingleton<SparkRunFolder>()
        .AddSingleton<GlueJobRunner>()
        .AddSingleton<GlueJobs>()
        .AddSingleton<GlueRuns>()
        .AddSingleton<GlueTags>()
        .AddSingleton<IAwsService, GlueJobService>()
        .AddSingleton<IAwsService, GlueCatalogService>()
        .AddSingleton<IAwsService, GlueDatabaseService>();

    private static IServiceCollection AddAthena(this IServiceCollection services) => services
        .AddSingleton<ScopedStore<AthenaState>>()
        .AddSingleton<AthenaEngine>()
        .AddSingleton<QueryRunner>()
        .AddSingleton<QueryOperations>()
        .AddSingleton<WorkGroupOperations>()
        .AddSingleton<IAwsService, AthenaService>();

    private static IServiceCollection AddRds(this IServiceCollection services) => services
        .AddSingleton<ScopedStore<RdsState>>()
        .AddSingleton<PostgresDistributions>()
        .AddSingleton<GroupSettings>()
        .AddSingleton<DbEvents>()
        .AddSingleton<DbInstanceLife>()
        .AddSingleton<IProblemSource>(provider => provider.GetRequiredService<DbInstanceLife>())
        .AddSingleton<DbInstanceOperations>()
        .AddSingleton<DbGroupOperations>()
        .AddSingleton<DbTagOperations>()
        .AddSingleton<IAwsService, RdsService>();

    private static IServiceCollection AddDms(this IServiceCollection services) => services
        .AddSingleton<ScopedStore<DmsState>>()
        .AddSingleton<DmsSubnetGroups>()
        .AddSingleton<DmsInstances>()
        .AddSingleton<DmsEndpoints>()
        .AddSingleton<DmsConnections>()
        .AddSingleton<DmsTaskRunner>()
        .AddSingleton<DmsTasks>()
        .AddSingleton<DmsTaskLife>()
        .AddSingleton<IProblemSource>(provider => provider.GetRequiredService<DmsTaskLife>())
        .AddSingleton<DmsTableStatistics>()
        .AddSingleton<DmsTableReloads>()
        .AddSingleton<DmsTags>()
        .AddSingleton<IAwsService, DmsService>();
}
