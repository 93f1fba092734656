/** 丰禾农机, a maker of farm machinery that never was: its models, its dealers, its places. All names are invented. */
export type DemoModel = {
  readonly code: string;
  readonly prefix: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly systems: readonly string[];
};

export const MODELS: readonly DemoModel[] = [
  {
    code: 'FH-T804',
    prefix: 'T80',
    nameZh: '80 马力轮式拖拉机',
    nameEn: '80 hp wheeled tractor',
    systems: ['engine', 'driveline', 'hydraulics', 'electrics', 'tractor'],
  },
  {
    code: 'FH-T1404',
    prefix: 'T14',
    nameZh: '140 马力轮式拖拉机',
    nameEn: '140 hp wheeled tractor',
    systems: ['engine', 'driveline', 'hydraulics', 'electrics', 'tractor'],
  },
  {
    code: 'FH-H8',
    prefix: 'H08',
    nameZh: '自走式谷物联合收割机',
    nameEn: 'Self-propelled combine harvester',
    systems: ['engine', 'driveline', 'hydraulics', 'electrics', 'harvester'],
  },
  {
    code: 'FH-R6',
    prefix: 'R06',
    nameZh: '六行高速插秧机',
    nameEn: 'Six-row rice transplanter',
    systems: ['driveline', 'electrics', 'transplanter'],
  },
];

export type DemoDealer = {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly zone: string;
  readonly level: string;
  readonly kind: 'dealer' | 'authorised_service_station';
  readonly terms: 'per_order' | 'monthly';
};

export const DEALERS: readonly DemoDealer[] = [
  {
    code: 'D001',
    nameZh: '石家庄禾田农机有限公司',
    nameEn: 'Shijiazhuang Hetian Machinery',
    zone: 'north',
    level: 'A',
    kind: 'dealer',
    terms: 'monthly',
  },
  {
    code: 'D002',
    nameZh: '保定春耕农机销售有限公司',
    nameEn: 'Baoding Chungeng Sales',
    zone: 'north',
    level: 'B',
    kind: 'dealer',
    terms: 'monthly',
  },
  {
    code: 'D003',
    nameZh: '济南稼穑农业装备有限公司',
    nameEn: 'Jinan Jiase Equipment',
    zone: 'north',
    level: 'A',
    kind: 'dealer',
    terms: 'monthly',
  },
  {
    code: 'D004',
    nameZh: '郑州中原农机配件中心',
    nameEn: 'Zhengzhou Central Plains Parts',
    zone: 'north',
    level: 'B',
    kind: 'dealer',
    terms: 'per_order',
  },
  {
    code: 'D005',
    nameZh: '徐州丰收农机有限公司',
    nameEn: 'Xuzhou Harvest Machinery',
    zone: 'east',
    level: 'A',
    kind: 'dealer',
    terms: 'monthly',
  },
  {
    code: 'D006',
    nameZh: '合肥江淮农机服务站',
    nameEn: 'Hefei Jianghuai Service Station',
    zone: 'east',
    level: 'C',
    kind: 'authorised_service_station',
    terms: 'per_order',
  },
  {
    code: 'D007',
    nameZh: '南昌赣源农机有限公司',
    nameEn: 'Nanchang Ganyuan Machinery',
    zone: 'south',
    level: 'B',
    kind: 'dealer',
    terms: 'monthly',
  },
  {
    code: 'D008',
    nameZh: '长沙湘稻农机维修站',
    nameEn: 'Changsha Xiangdao Service Station',
    zone: 'south',
    level: 'C',
    kind: 'authorised_service_station',
    terms: 'per_order',
  },
  {
    code: 'D009',
    nameZh: '南宁桂垦农业机械公司',
    nameEn: 'Nanning Guiken Machinery',
    zone: 'south',
    level: 'C',
    kind: 'dealer',
    terms: 'per_order',
  },
  {
    code: 'D010',
    nameZh: '成都天府农机有限公司',
    nameEn: 'Chengdu Tianfu Machinery',
    zone: 'west',
    level: 'B',
    kind: 'dealer',
    terms: 'monthly',
  },
  {
    code: 'D011',
    nameZh: '西安秦川农机服务有限公司',
    nameEn: 'Xi’an Qinchuan Services',
    zone: 'west',
    level: 'C',
    kind: 'authorised_service_station',
    terms: 'per_order',
  },
  {
    code: 'D012',
    nameZh: '哈尔滨北大荒农机经销处',
    nameEn: 'Harbin Beidahuang Trading',
    zone: 'north',
    level: 'A',
    kind: 'dealer',
    terms: 'monthly',
  },
];

export const LOCATIONS = [
  { code: 'WH1-SJZ', kind: 'warehouse', nameZh: '石家庄中心库', nameEn: 'Shijiazhuang central warehouse' },
  { code: 'WH2-NJ', kind: 'warehouse', nameZh: '南京区域库', nameEn: 'Nanjing regional warehouse' },
  { code: 'FACTORY', kind: 'factory', nameZh: '总装厂配件库', nameEn: 'Assembly plant store' },
] as const;

/** Carriage by road, tax-inclusive: zone, first 10 kg, each further 5 kg, free from. */
export const FREIGHT = [
  { zone: 'north', first: '18.00', continued: '4.00', freeFrom: '5000.00' },
  { zone: 'east', first: '22.00', continued: '5.00', freeFrom: '6000.00' },
  { zone: 'south', first: '28.00', continued: '7.00', freeFrom: '8000.00' },
  { zone: 'west', first: '32.00', continued: '8.00', freeFrom: '8000.00' },
] as const;

export const PEOPLE = [
  { login: 'demo-parts', role: 'parts_specialist', nameZh: '配件专员 林静', nameEn: 'Lin Jing, parts specialist' },
  { login: 'demo-dealer', role: 'dealer', nameZh: '经销商 赵禾', nameEn: 'Zhao He, dealer D001' },
  { login: 'demo-warehouse', role: 'warehouse_keeper', nameZh: '库管 孙强', nameEn: 'Sun Qiang, warehouse keeper' },
  { login: 'demo-service', role: 'service_staff', nameZh: '服务专员 周敏', nameEn: 'Zhou Min, service staff' },
  { login: 'demo-claims', role: 'claims_reviewer', nameZh: '索赔审核 吴越', nameEn: 'Wu Yue, claims reviewer' },
  { login: 'demo-finance', role: 'finance', nameZh: '财务 郑洁', nameEn: 'Zheng Jie, finance' },
  { login: 'demo-manager', role: 'service_manager', nameZh: '服务经理 王海', nameEn: 'Wang Hai, service manager' },
  { login: 'demo-admin', role: 'administrator', nameZh: '系统管理员', nameEn: 'Administrator' },
  { login: 'demo-auditor', role: 'auditor', nameZh: '审计 冯青', nameEn: 'Feng Qing, auditor' },
] as const;
