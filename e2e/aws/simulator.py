"""MiniStack, with what a deployment of this project needs and MiniStack 1.5.33 lacks.

It replaces private functions, hence the exact version in simulator.ts. From the environment: GATEWAY_PORT, and
DOCKER_NETWORK with its DOCKER_GATEWAY, where the tasks' containers are put; IOT_ENDPOINT, if `sst dev` is to be served.
"""

import os
import sys
import time
import urllib.error
import urllib.request
import uuid

from docker.types import EndpointConfig
from ministack.app import main
from ministack.core.responses import error_response_json, get_region, json_response
from ministack.services import alb, cloudwatch, ecr, ecs, iot, s3
from ministack.services.cloudformation import provisioners

NETWORK = os.environ["DOCKER_NETWORK"]
GATEWAY = os.environ["DOCKER_GATEWAY"]
# Docker speaks HTTP to a registry at a loopback address without being told to.
REGISTRY = f"127.0.0.1:{os.environ['GATEWAY_PORT']}"
GRACE_SECONDS = 180

handlers = provisioners._RESOURCE_HANDLERS


def replaces(module, name):
    """The decorated function takes the place of the module's, which it gets as its first argument."""
    original = getattr(module, name)

    def decorate(function):
        setattr(module, name, lambda *args, **kwargs: function(original, *args, **kwargs))

    return decorate


# CloudFormation: types that MiniStack refuses are recorded, and have no effect.


def recorded(prefix, attribute="Id"):
    def create(logical_id, props, stack):
        name = f"{prefix}-{uuid.uuid4().hex[:17]}"
        return name, {attribute: name}

    def update(physical_id, old, new, stack):
        return physical_id, {attribute: physical_id}

    return {"create": create, "update": update, "delete": lambda physical_id, props: None}


def scale_to_minimum(logical_id, props, stack):
    """Application Auto Scaling starts as many tasks as its target's minimum demands."""
    _, cluster, service = props["ResourceId"].split("/")
    minimum = int(props["MinCapacity"])
    ecs._update_service({"cluster": cluster, "service": service, "desiredCount": minimum})
    return props["ResourceId"], {"Id": props["ResourceId"]}


def tagged_bucket(original, logical_id, props, stack):
    """CDK's function empties only buckets that have its tag."""
    name, attributes = original(logical_id, props, stack)
    s3._bucket_tags[name] = {tag["Key"]: tag["Value"] for tag in props.get("Tags", [])}
    return name, attributes


bucket = handlers["AWS::S3::Bucket"]
handlers.update({
    "AWS::S3::Bucket": {**bucket, "create": lambda *args: tagged_bucket(bucket["create"], *args)},
    "AWS::EC2::EIP": recorded("eipalloc", "AllocationId"),
    "AWS::EC2::FlowLog": recorded("fl"),
    "AWS::EC2::NatGateway": recorded("nat", "NatGatewayId"),
    "AWS::EC2::SecurityGroupEgress": recorded("sgr"),
    "AWS::EC2::SecurityGroupIngress": recorded("sgr"),
    "AWS::ECS::ClusterCapacityProviderAssociations": recorded("providers"),
    "AWS::Synthetics::Canary": recorded("canary"),
    "AWS::WAFv2::WebACLAssociation": recorded("association"),
    "AWS::ApplicationAutoScaling::ScalingPolicy": recorded("policy", "Arn"),
    "AWS::ApplicationAutoScaling::ScalableTarget": {**recorded("target"), "create": scale_to_minimum},
})


# CloudWatch: alarms on a calculation and on other alarms are made, too.


@replaces(provisioners, "_cw_metric_alarm_record")
def metric_alarm(original, name, props):
    """An alarm on a calculation passes for one on the first metric of it, so that it can be set off by hand."""
    for query in props.get("Metrics") or []:
        if metric := query.get("MetricStat", {}).get("Metric"):
            return original(name, {**props, **metric, "Metrics": None})
    return original(name, props)


def put_composite_alarm(logical_id, props, stack):
    status, _, body = cloudwatch._put_composite_alarm({}, props, False, is_json=True)
    if status != 200:
        raise ValueError(f"{logical_id}: {body!r}")
    return props["AlarmName"], {}


handlers["AWS::CloudWatch::CompositeAlarm"] = {
    "create": put_composite_alarm,
    "update": lambda physical_id, old, new, stack: put_composite_alarm(physical_id, new, stack),
    "delete": lambda physical_id, props: cloudwatch._composite_alarms.pop(physical_id, None),
}


# ECR: its registry is MiniStack's own port, whatever the templates call it.


@replaces(ecr, "_repo_uri")
def repository_uri(original, name):
    return f"{REGISTRY}/{name}"


@replaces(ecr, "_get_authorization_token")
def authorization_token(original, data):
    token = {"authorizationToken": "QVdTOnRlc3Q=", "expiresAt": int(time.time()) + 43200}
    return json_response({"authorizationData": [{**token, "proxyEndpoint": f"http://{REGISTRY}"}]})


@replaces(ecr, "_describe_images")
def describe_images(original, data):
    """CDK pushes an image when it is told that there is none."""
    name = data.get("repositoryName", "")
    for image in data.get("imageIds") or []:
        if name in ecr._repositories and not ecr._find_image(name, image):
            return error_response_json("ImageNotFoundException", f"no image {image} in {name}", 400)
    return original(data)


@replaces(provisioners, "_normalize_container_defs")
def container_definitions(original, definitions):
    # The collector of traces comes from a public registry and has nowhere to send them.
    normal = [one for one in original(definitions) if not one["image"].startswith("public.ecr.aws/")]
    for definition in normal:
        registry, _, name = definition["image"].partition("/")
        if ".dkr.ecr." in registry:
            definition["image"] = f"{REGISTRY}/{name}"
    return normal


# ECS: the containers get the names of Service Connect, the limits and the rights of their task definition.

service_connect = {}
service_handlers = handlers["AWS::ECS::Service"]


def service_aliases(props):
    services = (props.get("ServiceConnectConfiguration") or {}).get("Services") or []
    return [alias["DnsName"] for service in services for alias in service.get("ClientAliases") or []]


def create_service(logical_id, props, stack, original=service_handlers["create"]):
    name = props.get("ServiceName", f"{stack}-{logical_id}")
    service_connect[f"service:{name}"] = service_aliases(props)
    return original(logical_id, props, stack)


service_handlers["create"] = create_service


@replaces(ecs, "_register_metadata")
def register_metadata(original, *args):
    """An address as endpoint makes the SDK address buckets by path; the container has a task's static credentials."""
    *rest, env, host_mode, _ = args
    token = original(*rest, env, host_mode, GATEWAY)
    env.pop("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    env.pop("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    env.update(AWS_REGION=get_region(), AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    return token


@replaces(ecs, "_build_run_kwargs")
def run_options(original, container, task_definition, *args):
    options = original(container, task_definition, *args)
    task = ecs._tasks[args[5]]
    aliases = service_connect.get(task.get("group"), [])
    options["network"] = NETWORK
    options["networking_config"] = {NETWORK: EndpointConfig("1.41", aliases=aliases)}
    options["user"] = container.get("user")
    options["read_only"] = bool(container.get("readonlyRootFilesystem"))
    options["nano_cpus"] = int(task_definition["cpu"]) * 1_000_000_000 // 1024
    options["mem_limit"] = f"{task_definition['memory']}m"
    return options


# The balancer: a task counts as running, and gets requests, once it answers the health check of its target group.


@replaces(ecs, "_mark_task_running")
def mark_running(original, task_arn, task):
    deadline = time.monotonic() + GRACE_SECONDS
    urls = health_checks(task)
    while urls and ecs._task_is_active(task_arn, task):
        if all(answers(url) for url in urls):
            break
        if exited(task):
            raise RuntimeError("a container ended before it was healthy")
        if time.monotonic() > deadline:
            raise RuntimeError(f"no health within {GRACE_SECONDS} s: {', '.join(urls)}")
        time.sleep(0.2)
    return original(task_arn, task)


def health_checks(task):
    cluster = task["clusterArn"].rsplit("/", 1)[-1]
    service = ecs._services.get(f"{cluster}/{task.get('group', '').removeprefix('service:')}") or {}
    address = ecs._task_ip(task)
    return [
        f"http://{address}:{balancer['containerPort']}{alb._tgs[balancer['targetGroupArn']]['HealthCheckPath']}"
        for balancer in service.get("loadBalancers") or []
    ]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=4) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def exited(task):
    docker = ecs._get_docker()
    return any(docker.containers.get(name).status == "exited" for name in task.get("_docker_ids") or [])


if "IOT_ENDPOINT" in os.environ:
    # `sst dev` listens to IoT over TLS, so under a name that a certificate can be made for.
    @replaces(iot, "_describe_endpoint")
    def describe_endpoint(original, query):
        return json_response({"endpointAddress": os.environ["IOT_ENDPOINT"]})


sys.argv = ["ministack"]
main()
