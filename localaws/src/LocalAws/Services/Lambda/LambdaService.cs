using LocalAws.Protocols;
using LocalAws.Services.Lambda.EventSources;

namespace LocalAws.Services.Lambda;

/// <summary>Lambda's API: functions, their settings, permissions and tags, and their invocation.</summary>
internal sealed class LambdaService : RestJsonService
{
    public LambdaService(
        FunctionOperations functions,
        FunctionSettingOperations settings,
        FunctionPermissionOperations permissions,
        InvocationOperations invocation,
        EventSourceMappingOperations mappings)
        : base("lambda")
    {
        On("CreateFunction", functions.CreateAsync, StatusCodes.Status201Created);
        On("ListFunctions", functions.List);
        On("GetFunction", functions.Get);
        On("DeleteFunction", functions.DeleteAsync);
        On("GetFunctionConfiguration", functions.GetConfiguration);
        On("UpdateFunctionConfiguration", functions.UpdateConfiguration);
        On("UpdateFunctionCode", functions.UpdateCodeAsync);
        On("ListVersionsByFunction", functions.ListVersions);
        On("GetFunctionCodeSigningConfig", settings.GetCodeSigning);
        On("GetFunctionConcurrency", settings.GetConcurrency);
        On("PutFunctionConcurrency", settings.PutConcurrency);
        On("DeleteFunctionConcurrency", settings.DeleteConcurrency);
        On("GetFunctionEventInvokeConfig", settings.GetEventInvoke);
        On("PutFunctionEventInvokeConfig", settings.PutEventInvoke);
        On("UpdateFunctionEventInvokeConfig", settings.PutEventInvoke);
        On("DeleteFunctionEventInvokeConfig", settings.DeleteEventInvoke);
        On("ListTags", settings.ListTags);
        On("TagResource", settings.Tag);
        On("UntagResource", settings.Untag);
        On("AddPermission", permissions.Add, StatusCodes.Status201Created);
        On("GetPolicy", permissions.Get);
        On("RemovePermission", permissions.Remove);
        On("Invoke", invocation.InvokeAsync);
        On("CreateEventSourceMapping", mappings.CreateAsync, StatusCodes.Status202Accepted);
        On("GetEventSourceMapping", mappings.Get);
        On("ListEventSourceMappings", mappings.List);
        On("UpdateEventSourceMapping", mappings.UpdateAsync, StatusCodes.Status202Accepted);
        On("DeleteEventSourceMapping", mappings.Delete, StatusCodes.Status202Accepted);
    }
}
