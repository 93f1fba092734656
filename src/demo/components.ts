/** What the machines are made of: each component becomes one part per model, fasteners and bearings are shared. */
export type Component = {
  readonly key: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly partClass: 'standard' | 'wear' | 'functional' | 'core';
  /** Standard landed cost in fen, so that the story needs no fractions. */
  readonly costFen: number;
  readonly grams: number;
  readonly quantity: number;
  readonly unit: 'piece' | 'set' | 'metre';
};

type Row = readonly [
  key: string,
  nameZh: string,
  nameEn: string,
  partClass: 'w' | 'f' | 'c' | 's',
  costFen: number,
  grams: number,
  quantity?: number,
  unit?: 'set' | 'metre',
];
const CLASSES = { w: 'wear', f: 'functional', c: 'core', s: 'standard' } as const;

function component([key, nameZh, nameEn, partClass, costFen, grams, quantity = 1, unit]: Row): Component {
  return { key, nameZh, nameEn, partClass: CLASSES[partClass], costFen, grams, quantity, unit: unit ?? 'piece' };
}

const ENGINE: readonly Row[] = [
  ['101', '机油滤清器', 'Oil filter', 'w', 1850, 600],
  ['102', '柴油滤清器', 'Fuel filter', 'w', 2260, 550],
  ['103', '空气滤芯', 'Air filter element', 'w', 4680, 1400],
  ['104', '风扇皮带', 'Fan belt', 'w', 1520, 300],
  ['105', '活塞环组', 'Piston ring set', 'f', 9800, 400, 4, 'set'],
  ['106', '气缸垫', 'Cylinder head gasket', 'f', 6450, 350],
  ['107', '水泵总成', 'Water pump assembly', 'f', 18600, 4200],
  ['108', '起动机', 'Starter motor', 'f', 42800, 8600],
  ['109', '发电机', 'Alternator', 'f', 38500, 6100],
  ['110', '喷油器', 'Injector', 'f', 26400, 700, 4],
  ['111', '高压油泵', 'High-pressure fuel pump', 'f', 268000, 9800],
  ['112', '增压器', 'Turbocharger', 'f', 156000, 7400],
  ['113', '节温器', 'Thermostat', 'f', 3900, 250],
  ['114', '散热器', 'Radiator', 'f', 88600, 16500],
  ['115', '发动机电控单元', 'Engine control unit', 'c', 386000, 1200],
];
const DRIVELINE: readonly Row[] = [
  ['201', '离合器片', 'Clutch plate', 'w', 16800, 3200],
  ['202', '离合器压盘', 'Clutch pressure plate', 'f', 29800, 6800],
  ['203', '变速箱同步器', 'Gearbox synchroniser', 'f', 24600, 1500, 3],
  ['204', '半轴', 'Half shaft', 'f', 36800, 9600, 2],
  ['205', '传动轴总成', 'Propeller shaft assembly', 'f', 48500, 12800],
  ['206', '万向节', 'Universal joint', 'f', 8900, 900, 2],
  ['207', '制动蹄片', 'Brake shoe', 'w', 7600, 1100, 4],
  ['208', '变速箱控制器', 'Transmission controller', 'c', 268000, 900],
];
const HYDRAULICS: readonly Row[] = [
  ['301', '液压油滤芯', 'Hydraulic filter element', 'w', 3450, 500],
  ['302', '齿轮泵', 'Gear pump', 'f', 46800, 4600],
  ['303', '多路阀', 'Directional control valve', 'f', 98600, 8800],
  ['304', '提升油缸', 'Lift cylinder', 'f', 67500, 14200, 2],
  ['305', '高压软管', 'High-pressure hose', 'w', 4200, 800, 6, 'metre'],
  ['306', '油缸密封件包', 'Cylinder seal kit', 'w', 5600, 150, 2, 'set'],
];
const ELECTRICS: readonly Row[] = [
  ['401', '前大灯', 'Headlamp', 'f', 12600, 1300, 2],
  ['402', '组合开关', 'Combination switch', 'f', 8700, 400],
  ['403', '主线束', 'Main wiring harness', 'f', 68500, 5200],
  ['404', '转速传感器', 'Speed sensor', 'f', 9600, 120],
  ['405', '蓄电池', 'Battery', 'w', 46500, 22000],
  ['406', '继电器', 'Relay', 'f', 1850, 60, 6],
  ['407', '智能驾驶控制器', 'Auto-steer controller', 'c', 568000, 1800],
];
const TRACTOR: readonly Row[] = [
  ['501', '后轮轮胎', 'Rear tyre', 'w', 186000, 68000, 2],
  ['502', '前轮轮胎', 'Front tyre', 'w', 72000, 26000, 2],
  ['503', '悬挂拉杆', 'Linkage rod', 'f', 15800, 5400, 2],
  ['504', '座椅总成', 'Seat assembly', 'f', 86500, 18500],
  ['505', '动力输出轴', 'PTO shaft', 'f', 52600, 7700],
];
const HARVESTER: readonly Row[] = [
  ['601', '动刀片', 'Knife section', 'w', 320, 90, 60],
  ['602', '护刃器', 'Knife guard', 'w', 1150, 350, 30],
  ['603', '拨禾轮弹齿', 'Reel tine', 'w', 480, 120, 48],
  ['604', '割台搅龙', 'Header auger', 'f', 128000, 32000],
  ['605', '过桥链条', 'Feeder chain', 'w', 36800, 9500, 3],
  ['606', '脱粒滚筒钉齿', 'Threshing peg tooth', 'w', 860, 280, 96],
  ['607', '凹板筛', 'Concave', 'f', 68600, 24000],
  ['608', '清选筛片', 'Sieve', 'f', 45800, 12600, 2],
  ['609', '粮箱搅龙', 'Grain tank auger', 'f', 96500, 26500],
  ['610', '行走履带', 'Rubber track', 'w', 486000, 185000, 2],
];
const TRANSPLANTER: readonly Row[] = [
  ['701', '秧爪', 'Planting claw', 'w', 2680, 180, 12],
  ['702', '栽植臂总成', 'Planting arm assembly', 'f', 46800, 2600, 6],
  ['703', '苗箱移动轴', 'Seedling-box shaft', 'f', 26800, 3800],
  ['704', '送秧皮带', 'Feed belt', 'w', 6800, 650, 6],
  ['705', '浮板', 'Float', 'f', 38600, 6200, 3],
  ['706', '回转箱', 'Rotary case', 'c', 196000, 5800, 3],
];

export const SYSTEMS: Readonly<Record<string, readonly Component[]>> = {
  engine: ENGINE.map(component),
  driveline: DRIVELINE.map(component),
  hydraulics: HYDRAULICS.map(component),
  electrics: ELECTRICS.map(component),
  tractor: TRACTOR.map(component),
  harvester: HARVESTER.map(component),
  transplanter: TRANSPLANTER.map(component),
};

const BOLT_LENGTHS = [20, 30, 40, 60, 80];
const BOLT_SIZES = [8, 10, 12, 16, 20];

/** Standard parts are the same for every model: bolts, nuts, washers, bearings, seals. */
export const STANDARD_PARTS: readonly Component[] = [
  ...BOLT_SIZES.flatMap(size =>
    BOLT_LENGTHS.map(length =>
      component([
        `GB5783-M${size}X${length}`,
        `六角头螺栓 M${size}×${length}`,
        `Hexagon bolt M${size}×${length}`,
        's',
        size * 3 + length,
        size * length * 0.05 + 5,
        4,
      ]),
    ),
  ),
  ...BOLT_SIZES.map(size =>
    component([`GB6170-M${size}`, `六角螺母 M${size}`, `Hexagon nut M${size}`, 's', size * 3, size * 1.5, 8]),
  ),
  ...BOLT_SIZES.map(size =>
    component([`GB97-${size}`, `平垫圈 ${size}`, `Plain washer ${size}`, 's', size * 2, size, 8]),
  ),
  ...[6204, 6205, 6206, 6207, 6208, 6209, 6210].map(bearing =>
    component([
      `GB276-${bearing}`,
      `深沟球轴承 ${bearing}`,
      `Deep groove ball bearing ${bearing}`,
      's',
      900 + (bearing - 6204) * 260,
      150 + (bearing - 6204) * 60,
      2,
    ]),
  ),
  ...[25, 30, 35, 40, 50].map(diameter =>
    component([
      `GB13871-${diameter}`,
      `旋转轴唇形密封圈 ${diameter}`,
      `Shaft seal ${diameter}`,
      's',
      350 + diameter * 8,
      30 + diameter,
      2,
    ]),
  ),
];
