using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>The operation Invoke in its three kinds.</summary>
internal sealed class InvocationOperations(FunctionRegistry functions, IFunctionInvoker invoker, AsyncInvocationQueue events)
{
    public async Task InvokeAsync(AwsRequest request)
    {
        var function = functions.Named(request);
        var response = request.Http.Response;
        switch (request.Http.Request.Headers["X-Amz-Invocation-Type"].ToString())
        {
            case "Event":
                events.Enqueue(request.Scope, function.Arn, request.Body);
                response.StatusCode = StatusCodes.Status202Accepted;
                return;
            case "DryRun":
                response.StatusCode = StatusCodes.Status204NoContent;
                return;
        }

        var result = await invoker.InvokeAsync(
            function,
            Guid.NewGuid().ToString(),
            request.Body.Length == 0 ? "{}"u8.ToArray() : request.Body,
            request.Aborted,
            waits: false);
        response.Headers["X-Amz-Executed-Version"] = FunctionDescription.LatestVersion;
        if (result.FunctionError is not null)
        {
            response.Headers["X-Amz-Function-Error"] = result.FunctionError;
        }

        response.ContentType = "application/json";
        await response.Body.WriteAsync(result.Payload, request.Aborted);
    }
}
